package dev.steptrail.tracker;

import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.TaskStatus;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended.
 *
 * @param message what the agent said at the end, or what went wrong
 * @param steps how many steps it took
 * @param taskId under which it was recorded; null if it was not
 */
public record RunResult(
        TaskStatus status,
        Ending ending,
        @Nullable String message,
        int steps,
        @Nullable UUID taskId) {
    RunResult recordedAs(UUID task) {
        return new RunResult(status, ending, message, steps, task);
    }
}
