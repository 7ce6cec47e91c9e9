package dev.steptrail.stepformat;

import java.util.Locale;

/** The reason why a task ended. A task that stops without the agent reporting completion is not {@link #FINISHED}. */
public enum EndReason {
    /** The agent reported that the task is complete. */
    FINISHED,
    /** The task ended, but the agent did not report that it is complete. */
    ENDED_WITHOUT_FINISH,
    /** The model's last reply could not be parsed as an action. */
    UNPARSEABLE_REPLY,
    /** The agent reached its limit of steps. */
    MAX_STEPS,
    /** The model was unreachable or returned an error. */
    MODEL_ERROR,
    /** The agent's process ended without ending the task. */
    ABANDONED,
    /** A person or the caller stopped the task. */
    CANCELLED;

    /** Returns the lower-case name, as in JSON and SQL. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the end reason of a task for which only the status is known. */
    public static EndReason defaultFor(TaskStatus status) {
        return switch (status) {
            case SUCCEEDED -> FINISHED;
            case FAILED -> ENDED_WITHOUT_FINISH;
            case CANCELLED -> CANCELLED;
            case ABANDONED -> ABANDONED;
        };
    }
}
