package dev.steptrail.insights;

import dev.steptrail.insights.TaskDigest.LastScreen;
import dev.steptrail.insights.history.GeneratedRun;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Turns the records of a generated run into the input of the rules, as the database's columns and queries do.
 *
 * @param steps the steps for the rules about one run
 * @param digest the digest for the rules about several runs
 */
record RecordedRun(List<TaskStep> steps, TaskDigest digest) {
    static RecordedRun of(GeneratedRun run) {
        TaskStarted started = null;
        TaskEnded ended = null;
        String error = null;
        LastScreen screen = null;
        List<TaskStep> steps = new ArrayList<>();
        List<Move> path = new ArrayList<>();
        for (StepRecord record : run.records()) {
            if (record instanceof TaskStarted first) {
                started = first;
            } else if (record instanceof TaskEnded last) {
                ended = last;
            } else if (record instanceof Step recorded) {
                TaskStep step = step(recorded);
                steps.add(step);
                path.add(new Move(
                        step.stepNumber(),
                        String.valueOf(step.actionName()),
                        target(step, Objects.requireNonNull(recorded.action())),
                        step.durationMs()));
                error = step.error() == null ? error : step.error();
                screen = step.screen() == null ? screen : new LastScreen(step.stepNumber(), step.screen());
            }
        }
        Instant start = Objects.requireNonNull(started).timestamp();
        TaskDigest digest = new TaskDigest(
                run.taskId(),
                InstructionText.from(started.description(), null),
                start,
                started.model(),
                String.valueOf(started.metadata().get("app_version")),
                ended == null ? null : succeeded(ended),
                ended == null ? null : succeeded(ended),
                null,
                ended == null
                        ? null
                        : Duration.between(start, ended.timestamp()).toMillis(),
                error == null ? null : ErrorText.normalize(error),
                screen,
                true,
                path);
        return new RecordedRun(steps, digest);
    }

    private static TaskStep step(Step step) {
        Map<String, Object> action = Objects.requireNonNull(step.action());
        Screenshot seen =
                step.screenshots().isEmpty() ? null : step.screenshots().get(0);
        return new TaskStep(
                step.stepNumber(),
                UUID.nameUUIDFromBytes(action.toString().getBytes(StandardCharsets.UTF_8))
                        .getMostSignificantBits(),
                String.valueOf(action.getOrDefault("action", action.get("_metadata"))),
                place(action),
                seen == null ? null : Long.parseUnsignedLong(Objects.requireNonNull(seen.perceptualHash()), 16),
                seen == null ? null : seen.fileSize(),
                Objects.requireNonNull(step.duration()).toMillis(),
                ((Number) step.timings().get("model_ms")).intValue(),
                Boolean.FALSE.equals(step.success()) ? step.errorMessage() : null);
    }

    private static @Nullable Boolean succeeded(TaskEnded ended) {
        return switch (ended.status()) {
            case SUCCEEDED -> true;
            case FAILED, ABANDONED -> false;
            default -> null;
        };
    }

    private static @Nullable String place(Map<String, Object> action) {
        if (action.containsKey("element")) {
            return coordinates(action.get("element"));
        }
        return action.containsKey("start")
                ? coordinates(action.get("start")) + "," + coordinates(action.get("end"))
                : null;
    }

    private static String coordinates(@Nullable Object point) {
        return point instanceof List<?> list ? list.get(0) + "," + list.get(1) : "";
    }

    private static String target(TaskStep step, Map<String, Object> action) {
        if (step.place() != null) {
            return step.place();
        }
        return String.valueOf(action.getOrDefault("app", action.getOrDefault("duration", "")));
    }
}
