package dev.steptrail.tracker;

import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStatus;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How a task ends, told before it is known which number was its last. */
record TaskEnding(
        Instant timestamp,
        TaskStatus status,
        Ending ending,
        @Nullable String message) {
    TaskEnded of(UUID task, int lastStepNumber) {
        return new TaskEnded(task, timestamp, status, ending, message, lastStepNumber, Map.of());
    }
}
