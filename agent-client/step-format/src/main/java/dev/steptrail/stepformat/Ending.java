package dev.steptrail.stepformat;

import java.util.Locale;

/** Why a task ended, told honestly: a run that merely stopped did not finish. In JSON and SQL the lower-case name. */
public enum Ending {
    /** The agent said that it was done. */
    FINISHED,
    /** The steps stop without the agent having said that it was done. */
    ENDED_WITHOUT_FINISH,
    /** The model's last reply could not be read as an action. */
    UNPARSEABLE_REPLY,
    /** The agent was not done after as many steps as it was allowed. */
    MAX_STEPS,
    /** The model could not be reached or failed. */
    MODEL_ERROR,
    /** The agent went away without a word. */
    ABANDONED,
    /** Somebody stopped it. */
    CANCELLED;

    /** The name in JSON and SQL. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What a status says of the ending where nothing more is known. */
    public static Ending of(TaskStatus status) {
        return switch (status) {
            case SUCCEEDED -> FINISHED;
            case FAILED -> ENDED_WITHOUT_FINISH;
            case CANCELLED -> CANCELLED;
            case ABANDONED -> ABANDONED;
        };
    }
}
