package dev.steptrail.tracker.internal.outbox;

import java.io.IOException;
import java.util.Locale;

/** Why a step or a screenshot was lost. The name in lower case is the key in the {@code losses} record. */
public enum LossReason {
    /** More steps, or more bytes, were waiting for the writer thread than the queue may hold. */
    QUEUE_FULL,
    /** The step's screenshots did not fit into the bytes that the queue may hold; the step itself was kept. */
    FRAME_QUEUE_FULL,
    /** Writing to the outbox failed. */
    OUTBOX_UNWRITABLE,
    /** The outbox has reached its quota. Screenshots are refused first, then steps. */
    OUTBOX_FULL,
    /** The screenshot is neither PNG nor JPEG, or too large to be converted to PNG. */
    NOT_AN_IMAGE,
    /** The screenshot redactor failed, so the screenshot was not kept. */
    REDACTION_FAILED,
    /** The step could not be converted to a record. */
    INVALID,
    /** The task had ended, or no task was open. */
    NO_TASK,
    /** The tracker was closed. */
    CLOSED;

    private final String key = name().toLowerCase(Locale.ROOT);

    /** The reason for which a write to the outbox failed with {@code e}. */
    public static LossReason ofFailedWrite(IOException e) {
        return e instanceof OutboxFullException ? OUTBOX_FULL : OUTBOX_UNWRITABLE;
    }

    /** The key in the {@code losses} record. */
    public String key() {
        return key;
    }
}
