package dev.steptrail.tracker;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Warns once when dropping begins, and once when nothing was dropped for a while, however much is dropped in between. Any
 * thread may notice a loss, which costs it nothing but that; the writer thread alone tells of it.
 */
final class DropWarning {
    private final Duration quiet;
    private final String ended;
    private final AtomicReference<@Nullable String> noticed = new AtomicReference<>();

    private boolean dropping;
    private long lastTold;

    /** Says {@code ended} when nothing was dropped for {@code quiet}. */
    DropWarning(Duration quiet, String ended) {
        this.quiet = quiet;
        this.ended = ended;
    }

    void dropped(String why) {
        if (noticed.get() == null) {
            noticed.set(why);
        }
    }

    /** Says what there is to say. */
    void tell() {
        if (noticed.get() == null && !dropping) {
            return;
        }
        long now = System.nanoTime();
        String why = noticed.getAndSet(null);
        if (why != null) {
            lastTold = now;
            if (!dropping) {
                dropping = true;
                TrackerLog.warn(why);
            }
        } else if (now - lastTold >= quiet.toNanos()) {
            dropping = false;
            TrackerLog.warn(ended);
        }
    }

    /** Whether the end of the dropping is still to be told. */
    boolean isOpen() {
        return dropping;
    }
}
