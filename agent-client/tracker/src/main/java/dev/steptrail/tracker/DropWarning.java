package dev.steptrail.tracker;

import java.util.concurrent.atomic.AtomicBoolean;

/** Warns once when dropping begins and once when it ends, however much is dropped in between. Thread-safe. */
final class DropWarning {
    private final String ended;
    private final AtomicBoolean dropping = new AtomicBoolean();

    /** Says {@code ended} when it ends. */
    DropWarning(String ended) {
        this.ended = ended;
    }

    void began(String why) {
        if (!dropping.get() && dropping.compareAndSet(false, true)) {
            TrackerLog.warn(why);
        }
    }

    void ended() {
        if (dropping.get() && dropping.compareAndSet(true, false)) {
            TrackerLog.warn(ended);
        }
    }
}
