package dev.steptrail.tracker;

import java.util.Locale;

/** Why something was not recorded. The name, in lower case, is the key in the {@code losses} record. */
enum DropReason {
    /** More steps were waiting for the writer thread than the queue may hold. */
    QUEUE_FULL,
    /** More bytes of pictures were waiting than the queue may hold; costs pictures, not steps. */
    FRAME_QUEUE_FULL,
    /** The outbox could not be written to. */
    OUTBOX_UNWRITABLE,
    /** The outbox holds as much as it may; costs pictures first. */
    OUTBOX_FULL,
    /** The picture is neither PNG nor JPEG, or too large to be made a PNG. */
    NOT_AN_IMAGE,
    /** What decides what of a picture must not be kept failed, so nothing of it was. */
    REDACTION_FAILED,
    /** The step could not be made a record. */
    INVALID,
    /** No task was open. */
    NO_TASK,
    /** The tracker was closed. */
    CLOSED;

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
