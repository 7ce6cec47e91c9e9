package dev.steptrail.tracker.internal.outbox;

import java.io.IOException;
import java.util.Locale;

/** The reason why a step or a screenshot was lost. */
public enum LossReason {
    /** The queue for the writer thread had reached its maximum number of steps or bytes. */
    QUEUE_FULL,
    /** The step's screenshots exceeded the queue's maximum bytes; the step was recorded without them. */
    FRAME_QUEUE_FULL,
    /** Writing to the outbox failed. */
    OUTBOX_UNWRITABLE,
    /** The outbox has reached its quota. Screenshots are dropped first, then steps. */
    OUTBOX_FULL,
    /** The screenshot is neither PNG nor JPEG, or too large to be converted to PNG. */
    NOT_AN_IMAGE,
    /** The screenshot redactor failed. */
    REDACTION_FAILED,
    /** The step could not be converted to a record. */
    INVALID,
    /** The task had ended, or could not be started. */
    NO_TASK,
    /** The tracker was closed. */
    CLOSED;

    private final String key = name().toLowerCase(Locale.ROOT);

    /** Returns the reason for a write to the outbox that failed with {@code e}. */
    public static LossReason fromWriteFailure(IOException e) {
        return e instanceof OutboxFullException ? OUTBOX_FULL : OUTBOX_UNWRITABLE;
    }

    /** Returns the key in the {@code losses} record: the lower-case name. */
    public String key() {
        return key;
    }
}
