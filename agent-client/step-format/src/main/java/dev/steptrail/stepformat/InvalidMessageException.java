package dev.steptrail.stepformat;

/** A message body from which no record can be read. The message says what is wrong and never quotes the body. */
public final class InvalidMessageException extends Exception {
    private final String reason;

    InvalidMessageException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** What is wrong; the same as the message. */
    public String reason() {
        return reason;
    }
}
