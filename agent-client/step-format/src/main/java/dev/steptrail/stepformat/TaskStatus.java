package dev.steptrail.stepformat;

import java.util.Locale;

/** How a task ended. In JSON and SQL the lower-case name. */
public enum TaskStatus {
    /** The agent did what it was asked to do. */
    SUCCEEDED,
    /** It did not. */
    FAILED,
    /** Somebody stopped it. */
    CANCELLED,
    /** Its agent went away without a word. */
    ABANDONED;

    /** The name in JSON and SQL. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
