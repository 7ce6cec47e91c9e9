package dev.steptrail.report;

import dev.steptrail.store.judgements.TaskJudgements;
import dev.steptrail.store.model.StoredScreenshot;
import dev.steptrail.store.model.StoredStep;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskSummary;
import dev.steptrail.store.model.TaskSummary.Durations;
import dev.steptrail.store.model.TaskSummary.LostScreenshots;
import dev.steptrail.store.query.ShortStepRepository.ShortStep;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Test data: a task and its steps as the store returns them. */
final class TestSteps {
    static final UUID TASK = UUID.fromString("019b1ed6-ce02-7a41-b1c5-2f8a90d3e671");
    static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final Durations NONE = new Durations(null, null, null, null, null);

    private TestSteps() {}

    static StoredStep step(int number, String thinking, String error, StoredScreenshot... screenshots) {
        return new StoredStep(
                TASK,
                number,
                "action",
                "{\"action\":{\"action\":\"Launch\",\"app\":\"相机\"},\"timings\":{\"model_ms\":80}}",
                thinking,
                "{\"finished\":false}",
                null,
                1200L,
                error == null,
                error,
                START.plusSeconds(number),
                List.of(screenshots));
    }

    static ShortStep shortStep(int number, String thinking, String error) {
        return shortStep(number, thinking, error, null);
    }

    /** @param attachments as JSON; if there are any, the model's reply is {@code ok} */
    static ShortStep shortStep(int number, String thinking, String error, @Nullable String attachments) {
        return new ShortStep(
                number,
                START.plusSeconds(number),
                "action",
                "{\"action\":\"Launch\",\"app\":\"相机\"}",
                1200L,
                error == null,
                error,
                thinking,
                null,
                attachments == null ? null : "ok",
                attachments);
    }

    static StoredScreenshot screenshot(int screenshotIndex, String role, String key) {
        return new StoredScreenshot(
                screenshotIndex,
                role,
                key,
                "ab12",
                1,
                1,
                1080,
                2400,
                "webp",
                true,
                false,
                "[]",
                null,
                null,
                null,
                null);
    }

    static Task task(String name, String description, int steps) {
        return ended(name, description, "stopped", steps, 0);
    }

    /** Returns a task with this revision. */
    static Task revised(long revision) {
        return ended("camera", "", "stopped", 1, revision);
    }

    /** Returns a failed task without a message. */
    static Task stopped() {
        return ended("camera", "", null, 0, 0);
    }

    private static Task ended(String name, String description, @Nullable String message, int steps, long revision) {
        Verdict none = new Verdict(null, null, List.of());
        return task(name, description, message, "ended_without_finish", START.plusSeconds(91), steps, revision, none);
    }

    /** Returns a running task with this verdict and these tags. */
    static Task judged(Instant receivedAt, @Nullable String verdict, String... tags) {
        return running(receivedAt, 1, new Verdict(verdict, verdict == null ? null : "human", List.of(tags)));
    }

    /** Same as {@link #judged}, but the verdict is automatic. */
    static Task judgedByProgram(Instant receivedAt, String verdict) {
        return running(receivedAt, 1, new Verdict(verdict, "automatic", List.of()));
    }

    /** Returns a running task with its last activity at this time. */
    static Task running(Instant receivedAt, int steps) {
        return running(receivedAt, steps, new Verdict(null, null, List.of()));
    }

    private static Task running(Instant receivedAt, int steps, Verdict verdict) {
        return task("camera", "", null, null, receivedAt, steps, 0, verdict);
    }

    private record Verdict(@Nullable String value, @Nullable String source, List<String> tags) {}

    /** @param endReason null for a running task */
    private static Task task(
            String name,
            String description,
            @Nullable String message,
            @Nullable String endReason,
            Instant receivedAt,
            int steps,
            long revision,
            Verdict verdict) {
        return new Task(
                TASK,
                "alice",
                name,
                description,
                "demo-agent",
                "glm",
                "phone-1",
                endReason == null ? "running" : "failed",
                message,
                endReason,
                null,
                true,
                START,
                START.plusSeconds(90),
                START.plusSeconds(80),
                steps,
                receivedAt,
                steps,
                steps,
                0,
                1000,
                0,
                0,
                0,
                false,
                revision,
                null,
                null,
                null,
                null,
                null,
                verdict.value() == null ? null : "{\"app\":\"8.1\",\"build\":{\"n\":1}}",
                verdict.tags(),
                verdict.value(),
                verdict.source(),
                null,
                null,
                null,
                null);
    }

    /** Returns the content of a report without judgements. */
    static ReportContent content(Task task) {
        return new ReportContent(task, summary(), TaskJudgements.NONE, null);
    }

    static TaskSummary summary() {
        return summary(List.of(), List.of());
    }

    static TaskSummary summary(List<TaskSummary.Finding> findings, List<TaskSummary.Suggestion> suggestions) {
        return new TaskSummary(
                2,
                false,
                new Durations(65_000L, 1200.0, 1200.0, 1300.0, 1300L),
                new Durations(3000L, 1500.0, 1500.0, 1950.0, 2000L),
                NONE,
                NONE,
                Map.of("action", 2L),
                Map.of("Launch", 2L),
                List.of(
                        new TaskSummary.TimelineSegment(1, 1, 1, 0, 0, START, 1200L, "action", "Launch"),
                        new TaskSummary.TimelineSegment(2, 2, 1, 1, 0, START, 1200L, "action", "Launch")),
                List.of(),
                List.of(new TaskSummary.ErrorCause("App not found: 相机", 1, 2, 2)),
                List.of(new TaskSummary.KeyScreenshot("first", 1, 0, "before", false)),
                new LostScreenshots(0, List.of()),
                List.of(),
                findings,
                suggestions,
                null);
    }
}
