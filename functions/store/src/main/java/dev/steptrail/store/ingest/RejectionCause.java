package dev.steptrail.store.ingest;

/** The kind of a rejection, to count by; the reason itself names fields and rules. */
public enum RejectionCause {
    /** Bad base64, gzip or JSON, or too large. */
    UNREADABLE("Unreadable"),
    /** Breaks a rule of the format, or is not in the bucket. */
    INVALID("Invalid"),
    UNKNOWN_SENDER("UnknownSender"),
    /** The sender may not record for this owner or task, or name these objects. */
    NOT_ALLOWED("NotAllowed"),
    /** Another step has this number. */
    CONFLICT("Conflict"),
    /** The step with this number is in an archive. */
    ARCHIVED("Archived"),
    /** Postgres refuses it. */
    REFUSED("Refused");

    private final String text;

    RejectionCause(String text) {
        this.text = text;
    }

    /** Returns its name in metrics. */
    public String text() {
        return text;
    }
}
