package dev.steptrail.phone.autoglm;

import dev.steptrail.phone.device.DeviceException;
import dev.steptrail.phone.device.DeviceLostException;
import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.tracker.Decision;
import dev.steptrail.tracker.RunResult;
import dev.steptrail.tracker.TaskEndException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended, in more detail than its {@link EndReason}. Recorded with the end of the task as {@code x_outcome}.
 */
public enum RunOutcome {
    /** The model reported that the task is complete. */
    SUCCEEDED(TaskStatus.SUCCEEDED, EndReason.FINISHED),
    STEP_LIMIT(TaskStatus.FAILED, EndReason.MAX_STEPS),
    TIME_LIMIT(TaskStatus.FAILED, EndReason.ENDED_WITHOUT_FINISH),
    TOKEN_LIMIT(TaskStatus.FAILED, EndReason.ENDED_WITHOUT_FINISH),
    COST_LIMIT(TaskStatus.FAILED, EndReason.ENDED_WITHOUT_FINISH),
    /** The model's server could not be reached, or did not reply. */
    MODEL_ERROR(TaskStatus.FAILED, EndReason.MODEL_ERROR),
    UNPARSEABLE_REPLY(TaskStatus.FAILED, EndReason.UNPARSEABLE_REPLY),
    /** The phone was disconnected and did not come back. */
    DEVICE_LOST(TaskStatus.FAILED, EndReason.ENDED_WITHOUT_FINISH),
    /** The phone is connected, but its screen or the app in the foreground could not be read. */
    DEVICE_ERROR(TaskStatus.FAILED, EndReason.ENDED_WITHOUT_FINISH),
    /** The model asked for a confirmation or for help, and no user was available. */
    USER_NEEDED(TaskStatus.FAILED, EndReason.ENDED_WITHOUT_FINISH),
    /** The user refused an action. */
    REFUSED(TaskStatus.CANCELLED, EndReason.CANCELLED),
    /** The thread of the run was interrupted. */
    CANCELLED(TaskStatus.CANCELLED, EndReason.CANCELLED),
    /** Another failure. */
    FAILED(TaskStatus.FAILED, EndReason.ENDED_WITHOUT_FINISH);

    private final TaskStatus status;
    private final EndReason endReason;

    RunOutcome(TaskStatus status, EndReason endReason) {
        this.status = status;
        this.endReason = endReason;
    }

    /** Returns the outcome of a run of an {@link AutoGlmAgent}. */
    public static RunOutcome of(RunResult result) {
        if (result.cause() instanceof EndException end) {
            return end.outcome;
        } else if (result.cause() instanceof DeviceException e) {
            return of(e);
        }
        return switch (result.endReason()) {
            case FINISHED -> SUCCEEDED;
            case MAX_STEPS -> STEP_LIMIT;
            case MODEL_ERROR -> MODEL_ERROR;
            case UNPARSEABLE_REPLY -> UNPARSEABLE_REPLY;
            case CANCELLED -> CANCELLED;
            case ENDED_WITHOUT_FINISH, ABANDONED -> FAILED;
        };
    }

    /** Returns the name as it is recorded, such as {@code device_lost}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static RunOutcome of(DeviceException failure) {
        return failure instanceof DeviceLostException ? DEVICE_LOST : DEVICE_ERROR;
    }

    /** Returns the exception with which a run ends like this. */
    TaskEndException toException(String message, @Nullable Throwable cause) {
        return toException(message, cause, null);
    }

    /** Returns the exception with which a run ends like this, with what is known of the model's reply. */
    TaskEndException toException(String message, @Nullable Throwable cause, @Nullable Decision reply) {
        return new EndException(this, message, cause, reply);
    }

    private static final class EndException extends TaskEndException {
        private final RunOutcome outcome;

        EndException(RunOutcome outcome, String message, @Nullable Throwable cause, @Nullable Decision reply) {
            super(outcome.status, outcome.endReason, message, cause, reply);
            this.outcome = outcome;
        }
    }
}
