package dev.steptrail.tracker;

import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.TaskStatus;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The result of {@link PhoneAgent#run}.
 *
 * @param message the agent's final message, or the error
 * @param steps the number of steps
 * @param taskId the id of the recorded task; null if tracking was disabled
 * @param cause the exception that ended the task; null if none did
 */
public record RunResult(
        TaskStatus status,
        EndReason endReason,
        @Nullable String message,
        int steps,
        @Nullable UUID taskId,
        @Nullable Exception cause) {
    public RunResult(
            TaskStatus status, EndReason endReason, @Nullable String message, int steps, @Nullable UUID taskId) {
        this(status, endReason, message, steps, taskId, null);
    }

    RunResult withTaskId(UUID id) {
        return new RunResult(status, endReason, message, steps, id, cause);
    }
}
