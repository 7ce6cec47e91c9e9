package dev.steptrail.cli.phone;

import java.util.Locale;

/** How a task ended, with the exit code of {@code steptrail run}. */
public enum RunOutcome {
    SUCCEEDED(0),
    /** The agent ended without finishing, for another reason than the following ones. */
    FAILED(1),
    /** The limit of steps, time, tokens or cost was reached. */
    LIMIT(3),
    /** The model was unreachable or returned an error. */
    MODEL_ERROR(4),
    /** The model's reply could not be parsed as an action. */
    UNPARSEABLE_REPLY(5),
    /** The phone was disconnected and did not come back. */
    DEVICE_LOST(6),
    /** The agent asked for a person, who was not there or refused. */
    USER_NEEDED(7),
    /** The user or a signal stopped the task. */
    CANCELLED(130);

    private final int exitCode;

    RunOutcome(int exitCode) {
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }

    /** Returns whether the task ended because of the phone or the model's server, so that it says nothing about the agent. */
    public boolean isInfrastructureError() {
        return this == MODEL_ERROR || this == DEVICE_LOST;
    }

    /** Returns the lower-case name, as in JSON. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
