package dev.steptrail.stepformat;

/** Thrown if a message body cannot be decoded. The reason never quotes the body, so it can be logged and stored. */
public final class InvalidMessageException extends Exception {
    private final String reason;

    InvalidMessageException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** Returns the reason, which is also the exception's message. */
    public String reason() {
        return reason;
    }
}
