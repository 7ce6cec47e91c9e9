package dev.steptrail.shipper;

import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a shipper has done since it was opened. Written by its one thread, read by any. */
public final class ShipCounts {
    private static final Logger LOG = LoggerFactory.getLogger(Shipper.class);

    private volatile long records;
    private volatile long steps;
    private volatile long messages;
    private volatile long screenshots;
    private volatile long lostScreenshots;
    private volatile long rejected;
    private volatile long tasks;

    /** Records that SQS has. */
    public long records() {
        return records;
    }

    /** The steps among them. */
    public long steps() {
        return steps;
    }

    /** Messages that carried them. */
    public long messages() {
        return messages;
    }

    /** Screenshots that S3 has, counted once for each step that shows them. */
    public long screenshots() {
        return screenshots;
    }

    /** Frames that could not become screenshots; their steps say so. */
    public long lostScreenshots() {
        return lostScreenshots;
    }

    /** Lines that are no records, or none that can be sent; they are kept in the outbox under {@code rejected}. */
    public long rejected() {
        return rejected;
    }

    /** Tasks that are delivered to their end. */
    public long tasks() {
        return tasks;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    void sent(long moreRecords, long moreSteps) {
        records += moreRecords;
        steps += moreSteps;
        messages++;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate")
    void screenshots(int more) {
        screenshots += more;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate")
    void lostScreenshots(UUID task, int more, String loss) {
        lostScreenshots += more;
        LOG.warn("Task {}, {}", task, loss);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate")
    void rejected(UUID task, String reason) {
        rejected++;
        LOG.warn("Task {}: a line of its outbox is rejected: {}", task, reason);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate")
    void taskDelivered() {
        tasks++;
    }
}
