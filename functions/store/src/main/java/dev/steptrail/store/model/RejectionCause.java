package dev.steptrail.store.model;

/** What kind of reason something is rejected for: few, to count by, where a reason itself names fields and rules. */
public enum RejectionCause {
    /** No message of the format: bad base64, gzip or JSON, or too large. */
    UNREADABLE("Unreadable"),
    /** A record that breaks a rule of the format, or is not where its message says. */
    INVALID("Invalid"),
    /** Its sender is no registered agent. */
    UNKNOWN_SENDER("UnknownSender"),
    /** For an owner, to a task, or naming objects, that its sender may not. */
    NOT_ALLOWED("NotAllowed"),
    /** Another step has its number. */
    CONFLICT("Conflict"),
    /** The step of its number is in an archive. */
    ARCHIVED("Archived"),
    /** Postgres does not take it. */
    REFUSED("Refused");

    private final String text;

    RejectionCause(String text) {
        this.text = text;
    }

    /** As metrics name it. */
    public String text() {
        return text;
    }
}
