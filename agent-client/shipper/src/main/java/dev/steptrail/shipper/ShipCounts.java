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
    final LongAdder attachments = new LongAdder();
    final LongAdder rejected = new LongAdder();
    final LongAdder tasks = new LongAdder();

    /** Returns the number of records that SQS has accepted. */
    public long records() {
        return records.sum();
    }

    /** Returns the number of accepted records that are steps. */
    public long steps() {
        return steps.sum();
    }

    /** Returns the number of messages that SQS has accepted. */
    public long messages() {
        return messages.sum();
    }

    /** Returns the number of screenshots that are stored in S3, counted once for each step that contains them. */
    public long screenshots() {
        return screenshots.sum();
    }

    /** Returns the number of frames that could not be stored; their steps list them as lost. */
    public long lostScreenshots() {
        return lostScreenshots.sum();
    }

    /** Returns the number of attachments that are stored in S3. */
    public long attachments() {
        return attachments.sum();
    }

    /** Returns the number of lines that are invalid or cannot be sent. The outbox keeps them under {@code rejected}. */
    public long rejected() {
        return rejected.sum();
    }

    /** Returns the number of tasks that have ended and are completely delivered. */
    public long tasks() {
        return tasks.sum();
    }

    void addLostScreenshots(UUID task, int count, String message) {
        lostScreenshots.add(count);
        LOG.warn("Task {}, {}", task, message);
    }

    void addRejected(UUID task, String reason) {
        rejected.increment();
        LOG.warn("Task {}: rejected a line of steps.jsonl: {}", task, reason);
    }
}
