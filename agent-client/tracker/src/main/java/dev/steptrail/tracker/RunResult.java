package dev.steptrail.tracker;

import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.TaskStatus;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a run.
 *
 * @param message the agent's final message, or the error
 * @param steps the number of steps
 * @param taskId the id of the recorded task; null if the run was not recorded
 */
public record RunResult(
        TaskStatus status,
        EndReason endReason,
        @Nullable String message,
        int steps,
        @Nullable UUID taskId) {
    RunResult recordedAs(UUID task) {
        return new RunResult(status, endReason, message, steps, task);
    }
}
