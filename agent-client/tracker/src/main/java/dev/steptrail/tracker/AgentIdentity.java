package dev.steptrail.tracker;

import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.UuidV7;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who acts, by which model, on which phone: what all tasks of a tracker have in common. */
record AgentIdentity(
        @Nullable String agent,
        @Nullable String model,
        @Nullable String deviceId) {
    /** A new task's first record. */
    TaskStarted starting(TaskInfo task, Instant now) {
        return new TaskStarted(
                UuidV7.at(now),
                now,
                task.name(),
                task.description(),
                agent,
                model,
                deviceId,
                task.continues(),
                null,
                task.metadata(),
                Map.of());
    }
}
