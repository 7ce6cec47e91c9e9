package dev.steptrail.tracker.internal.outbox;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Limits how much an outbox may hold. Screenshots reach their limit first, then steps; what is left is for starts, losses and
 * ends, which are never refused.
 *
 * <p>Counts the bytes of its own writer at once, and measures the folder from time to time, since other writers add to it and
 * a shipper removes from it: every second while something is refused, otherwise every 10 s, and never for more than a
 * fiftieth of the time. Several writers together may thus exceed the limit by what they write in that interval.
 *
 * <p>Not thread-safe, except for {@link #written}.
 */
public final class OutboxQuota {
    private static final Duration INTERVAL_WHEN_FULL = Duration.ofSeconds(1);
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final int MAX_SHARE_OF_TIME = 50;

    private static final long MAX_RESERVED_FOR_STEPS = 64L * 1024 * 1024;
    private static final long MAX_RESERVED_FOR_ENDS = 1024 * 1024;

    private final Path folder;
    private final Duration intervalWhenFull;
    private final Duration interval;
    private final long maxBytes;
    private final long screenshotLimit;
    private final long stepLimit;

    private long used;
    private volatile long written;
    private long measuredAt;
    private long measuringTook;
    private boolean measured;
    private boolean full;

    OutboxQuota(Path folder, long maxBytes) {
        this(folder, maxBytes, INTERVAL_WHEN_FULL, INTERVAL);
    }

    OutboxQuota(Path folder, long maxBytes, Duration intervalWhenFull, Duration interval) {
        this.folder = folder;
        this.intervalWhenFull = intervalWhenFull;
        this.interval = interval;
        this.maxBytes = maxBytes;
        this.screenshotLimit = maxBytes - Math.min(maxBytes / 8, MAX_RESERVED_FOR_STEPS);
        this.stepLimit = maxBytes - Math.min(maxBytes / 64, MAX_RESERVED_FOR_ENDS);
    }

    /** Bytes that this writer has put into the outbox, without those that it removed again. May be called by any thread. */
    public long written() {
        return written;
    }

    /** Counts bytes that were written or, if negative, removed. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes, others read
    void add(long bytes) {
        used += bytes;
        written += bytes;
    }

    /** @throws OutboxFullException if there is no room for a screenshot of {@code bytes} */
    void requireForScreenshot(long bytes) throws OutboxFullException {
        require(bytes, screenshotLimit);
    }

    /** @throws OutboxFullException if there is no room for a step of {@code bytes}; 0 asks for any room at all */
    void requireForStep(long bytes) throws OutboxFullException {
        require(bytes, stepLimit);
    }

    private void require(long bytes, long limit) throws OutboxFullException {
        measureIfDue();
        if (used >= limit || bytes > limit - used) {
            full = true;
            throw new OutboxFullException("the outbox " + folder + " has reached its " + maxBytes
                    + " bytes (maxOutboxBytes): is a shipper running?");
        }
    }

    private void measureIfDue() {
        long now = System.nanoTime();
        Duration pause = full ? intervalWhenFull : interval;
        if (measured && now - measuredAt < Math.max(pause.toNanos(), measuringTook * MAX_SHARE_OF_TIME)) {
            return;
        }
        used = FolderSize.of(folder);
        full = false;
        measured = true;
        measuredAt = System.nanoTime();
        measuringTook = measuredAt - now;
    }
}
