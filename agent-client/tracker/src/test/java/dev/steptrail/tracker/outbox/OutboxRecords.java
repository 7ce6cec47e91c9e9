package dev.steptrail.tracker.outbox;

import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Records for tests of the outbox. */
final class OutboxRecords {
    static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

    private OutboxRecords() {}

    static TaskStarted started(UUID task) {
        return new TaskStarted(task, TIME, null, "do it", null, null, null, null, null, Map.of(), Map.of());
    }

    static Step step(UUID task, int number, String thinking, Frame... frames) {
        return new Step(
                task,
                TIME,
                number,
                "action",
                thinking,
                null,
                null,
                null,
                true,
                null,
                Map.of(),
                Map.of(),
                List.of(frames),
                List.of(),
                Map.of());
    }

    static TaskEnded ended(UUID task) {
        return new TaskEnded(task, TIME, TaskStatus.SUCCEEDED, Ending.FINISHED, null, null, Map.of());
    }
}
