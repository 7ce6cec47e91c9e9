package dev.steptrail.cli.phone;

import dev.steptrail.phone.autoglm.RunOutcome;

/** The exit codes of {@code steptrail run}. */
final class ExitCodes {
    private ExitCodes() {}

    static int of(RunOutcome outcome) {
        return switch (outcome) {
            case SUCCEEDED -> 0;
            case FAILED -> 1;
            case STEP_LIMIT, TIME_LIMIT, TOKEN_LIMIT, COST_LIMIT -> 3;
            case MODEL_ERROR -> 4;
            case UNPARSEABLE_REPLY -> 5;
            case DEVICE_LOST, DEVICE_ERROR -> 6;
            case USER_NEEDED, REFUSED -> 7;
            case CANCELLED -> 130;
        };
    }
}
