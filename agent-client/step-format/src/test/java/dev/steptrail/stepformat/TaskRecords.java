package dev.steptrail.stepformat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Creates records of a task for tests. */
public record TaskRecords(UUID task) {
    public static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

    public static TaskRecords newTask() {
        return new TaskRecords(UuidV7.at(Instant.now()));
    }

    public TaskStarted started() {
        return new TaskStarted(
                task,
                TIME,
                null,
                "do it",
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                ExperimentCase.NONE,
                List.of(),
                Map.of());
    }

    public Step step(int number, String thinking, Frame... frames) {
        return step(number, thinking, Map.of(), frames);
    }

    public Step step(int number, String thinking, Map<String, Object> unknown, Frame... frames) {
        return new Step(
                task,
                TIME.plusSeconds(number),
                number,
                "action",
                thinking,
                Map.of("action", "Tap"),
                null,
                null,
                true,
                null,
                Map.of(),
                Map.of(),
                ModelCall.NONE,
                List.of(),
                List.of(frames),
                List.of(),
                unknown);
    }

    public TaskEnded ended() {
        return new TaskEnded(
                task,
                TIME.plusSeconds(1000),
                TaskStatus.SUCCEEDED,
                EndReason.FINISHED,
                null,
                null,
                List.of(),
                Map.of());
    }
}
