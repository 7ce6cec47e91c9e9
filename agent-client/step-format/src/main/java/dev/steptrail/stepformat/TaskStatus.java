package dev.steptrail.stepformat;

import java.util.Locale;

/** The outcome of a task. */
public enum TaskStatus {
    /** The agent reported that it completed the task. */
    SUCCEEDED,
    /** The agent did not complete the task. */
    FAILED,
    /** A person or the caller stopped the task. */
    CANCELLED,
    /** The agent's process ended without ending the task. */
    ABANDONED;

    /** Returns the lower-case name, as in JSON and SQL. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
