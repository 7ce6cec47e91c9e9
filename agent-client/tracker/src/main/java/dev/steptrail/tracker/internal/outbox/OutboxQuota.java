package dev.steptrail.tracker.internal.outbox;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Limits the size of an outbox. Screenshots have the lowest limit, then steps. The remaining space is reserved for
 * starts, losses and ends, which are always accepted.
 *
 * <p>The quota counts the bytes of its writer immediately. It also measures the folder, because other writers add files
 * to it and a shipper removes them: every 10 s, and every second while the outbox is full. Measuring takes at most 2 %
 * of the time. Several writers may exceed the limit by what they write between measurements.
 *
 * <p>Not thread-safe, except for {@link #written}.
 */
public final class OutboxQuota {
    private static final Duration INTERVAL_WHEN_FULL = Duration.ofSeconds(1);
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final int MIN_PAUSE_FACTOR = 50;

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
    private long measuringNanos;
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

    /** Returns the bytes that this writer has written, minus those that it has removed. */
    public long written() {
        return written;
    }

    /** Counts bytes that were written; a negative number counts bytes that were removed. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // modified by one thread, read by others
    void add(long bytes) {
        used += bytes;
        written += bytes;
    }

    /** @throws OutboxFullException if a screenshot of {@code bytes} does not fit */
    void requireForScreenshot(long bytes) throws OutboxFullException {
        require(bytes, screenshotLimit);
    }

    /** @throws OutboxFullException if a step of {@code bytes} does not fit; for 0 bytes, if the limit is reached */
    void requireForStep(long bytes) throws OutboxFullException {
        require(bytes, stepLimit);
    }

    private void require(long bytes, long limit) throws OutboxFullException {
        measureIfDue();
        if (used >= limit || bytes > limit - used) {
            full = true;
            throw new OutboxFullException("the outbox " + folder + " has reached its limit of " + maxBytes
                    + " bytes (maxOutboxBytes); check that a shipper is running");
        }
    }

    private void measureIfDue() {
        long now = System.nanoTime();
        Duration pause = full ? intervalWhenFull : interval;
        if (measured && now - measuredAt < Math.max(pause.toNanos(), measuringNanos * MIN_PAUSE_FACTOR)) {
            return;
        }
        used = FolderSize.measure(folder);
        full = false;
        measured = true;
        measuredAt = System.nanoTime();
        measuringNanos = measuredAt - now;
    }
}
