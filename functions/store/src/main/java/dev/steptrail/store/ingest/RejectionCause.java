package dev.steptrail.store.ingest;

/** The kind of a rejection, for metrics. The rejection's reason is a text with more detail. */
public enum RejectionCause {
    /** The message has invalid base64, gzip or JSON, or is too large. */
    UNREADABLE("Unreadable"),
    /** The record violates a rule of the format. */
    INVALID("Invalid"),
    UNKNOWN_SENDER("UnknownSender"),
    /** The sender may not record for this owner or task, or may not reference these objects; or the task is full. */
    NOT_ALLOWED("NotAllowed"),
    /** A different step with this number exists. */
    CONFLICT("Conflict"),
    /** The step with this number is in an archive. */
    ARCHIVED("Archived"),
    /** Postgres rejected the data. */
    REFUSED("Refused");

    private final String text;

    RejectionCause(String text) {
        this.text = text;
    }

    /** Returns the name in metrics. */
    public String text() {
        return text;
    }
}
