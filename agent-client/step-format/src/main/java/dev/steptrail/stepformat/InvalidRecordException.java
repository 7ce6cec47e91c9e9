package dev.steptrail.stepformat;

/**
 * Thrown if a record is invalid. The reason names the field and its rule. It never quotes the record, so it can be
 * logged and stored.
 */
public final class InvalidRecordException extends Exception {
    private final String reason;

    InvalidRecordException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** Returns the reason, which is also the exception's message. */
    public String reason() {
        return reason;
    }
}
