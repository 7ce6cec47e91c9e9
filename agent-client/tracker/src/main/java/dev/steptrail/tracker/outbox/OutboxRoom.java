package dev.steptrail.tracker.outbox;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How much an outbox may still take: pictures first reach their bound, then steps, and the rest is for what tells of the
 * losses and of the ends of tasks, which is never refused.
 *
 * <p>Counts the caller's own bytes as they come, and looks now and then what the folder holds: other writers add to it, and a
 * shipper takes away. So several writers together may go beyond the bound by what they write within ten seconds. Not
 * thread-safe.
 */
public final class OutboxRoom {
    private static final Duration OFTEN = Duration.ofSeconds(1);
    private static final Duration SELDOM = Duration.ofSeconds(10);

    /** To look takes no more of the time than one part in so many. */
    private static final int SHARE_OF_TIME = 50;

    private static final long MOST_KEPT_FOR_STEPS = 64L * 1024 * 1024;
    private static final long MOST_KEPT_FOR_ENDS = 1024 * 1024;

    private final Path folder;
    private final Duration often;
    private final Duration seldom;
    private final long maxBytes;
    private final long pictureBound;
    private final long stepBound;

    private long used;
    private long lookedAt;
    private long lookTook;
    private boolean looked;
    private boolean refused;

    OutboxRoom(Path folder, long maxBytes) {
        this(folder, maxBytes, OFTEN, SELDOM);
    }

    /** Looks {@code often} while something is refused, and {@code seldom} otherwise. */
    OutboxRoom(Path folder, long maxBytes, Duration often, Duration seldom) {
        this.folder = folder;
        this.often = often;
        this.seldom = seldom;
        this.maxBytes = maxBytes;
        this.pictureBound = maxBytes - Math.min(maxBytes / 8, MOST_KEPT_FOR_STEPS);
        this.stepBound = maxBytes - Math.min(maxBytes / 64, MOST_KEPT_FOR_ENDS);
    }

    /** Bytes were written. */
    public void added(long bytes) {
        used += bytes;
    }

    /**
     * For a picture.
     *
     * @throws OutboxFullException if there is no room for it
     */
    public void requireForPicture(long bytes) throws IOException {
        look();
        require(bytes, pictureBound);
    }

    /**
     * For a step, or, if {@code bytes} is 0, for any at all.
     *
     * @throws OutboxFullException if there is no room for it
     */
    public void requireForStep(long bytes) throws IOException {
        look();
        require(bytes, stepBound);
    }

    private void require(long bytes, long bound) throws OutboxFullException {
        if (used >= bound || bytes > bound - used) {
            refused = true;
            throw new OutboxFullException(
                    "the outbox " + folder + " has its " + maxBytes + " bytes (maxOutboxBytes): does a shipper run?");
        }
    }

    private void look() throws IOException {
        long now = System.nanoTime();
        Duration pause = refused ? often : seldom;
        if (looked && now - lookedAt < Math.max(pause.toNanos(), lookTook * SHARE_OF_TIME)) {
            return;
        }
        used = FolderSize.of(folder);
        refused = false;
        looked = true;
        lookedAt = System.nanoTime();
        lookTook = lookedAt - now;
    }
}
