package dev.steptrail.stepformat;

/**
 * Text that is no record of the step format. The message names the field and what it must be, and never quotes what the
 * record holds, so it can be logged and stored.
 */
public final class InvalidRecordException extends Exception {
    private final String reason;

    InvalidRecordException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** What is wrong; the same as the message. */
    public String reason() {
        return reason;
    }
}
