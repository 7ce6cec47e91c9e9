package dev.steptrail.shipper;

import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counters of a shipper since it was opened. Thread-safe. */
public final class ShipCounts {
    private static final Logger LOG = LoggerFactory.getLogger(Shipper.class);

    final LongAdder records = new LongAdder();
    final LongAdder steps = new LongAdder();
    final LongAdder messages = new LongAdder();
    final LongAdder screenshots = new LongAdder();
    final LongAdder lostScreenshots = new LongAdder();
    final LongAdder rejected = new LongAdder();
    final LongAdder tasks = new LongAdder();

    /** Records that SQS has accepted. */
    public long records() {
        return records.sum();
    }

    /** The steps among them. */
    public long steps() {
        return steps.sum();
    }

    /** The messages that contained these records. */
    public long messages() {
        return messages.sum();
    }

    /** Screenshots that are stored in S3, counted once for each step that contains them. */
    public long screenshots() {
        return screenshots.sum();
    }

    /** Frames that could not be stored; their steps list them as lost. */
    public long lostScreenshots() {
        return lostScreenshots.sum();
    }

    /** Lines that are not valid records, or that cannot be sent. They are kept in the outbox under {@code rejected}. */
    public long rejected() {
        return rejected.sum();
    }

    /** Tasks that have ended and are completely delivered. */
    public long tasks() {
        return tasks.sum();
    }

    void lostScreenshots(UUID task, int more, String loss) {
        lostScreenshots.add(more);
        LOG.warn("Task {}, {}", task, loss);
    }

    void rejected(UUID task, String reason) {
        rejected.increment();
        LOG.warn("Task {}: rejected a line of its outbox: {}", task, reason);
    }
}
