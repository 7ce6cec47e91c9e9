package dev.steptrail.store.model;

import dev.steptrail.store.query.TaskSummariser;
import dev.steptrail.store.query.Timeline;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Totals of the steps of a task. Lists are bounded, mostly by {@value TaskSummariser#MAX_LISTED}.
 *
 * @param durations of steps, as recorded
 * @param intervals from the end of a step to the end of the next number, which need no recorded durations
 * @param gaps from the end of a step to the start of the next number
 * @param modelTimes model latencies, by {@code timings.model_ms}
 * @param byType counts by step_type, most frequent first
 * @param byAction counts by the action's name ({@code action.action}, else {@code action._metadata}), most frequent
 *     first
 * @param timeline all steps in their order, in at most {@value Timeline#MAX_STRETCHES} stretches
 * @param errors failed steps in their order, whose messages have at most 1 MiB together
 * @param causes of all failed steps, most frequent first, at most 100
 * @param keyScreenshots the first, the last, and that of the first failed step of each cause, of at most 20
 * @param lostScreenshots as steps report them, without those in the task's {@code losses}
 * @param missing ranges of numbers without a step
 * @param findings what maintenance found, and what the rules find in the steps
 * @param suggestions what the steps suggest to change
 * @param expectation a JSON object of how the owner's runs of the same instruction end; null if too few ended, or the
 *     caller must not know
 */
public record TaskSummary(
        Durations durations,
        Durations intervals,
        Durations gaps,
        Durations modelTimes,
        Map<String, Long> byType,
        Map<String, Long> byAction,
        List<Stretch> timeline,
        List<StepError> errors,
        List<ErrorCause> causes,
        List<KeyScreenshot> keyScreenshots,
        LostScreenshots lostScreenshots,
        List<StepRange> missing,
        List<Finding> findings,
        List<Suggestion> suggestions,
        @Nullable String expectation) {

    /** Returns the summary without the screenshots that are marked as sensitive. */
    public TaskSummary withoutSensitive() {
        List<KeyScreenshot> plain = keyScreenshots.stream()
                .filter(screenshot -> !screenshot.sensitive())
                .toList();
        return new TaskSummary(
                durations,
                intervals,
                gaps,
                modelTimes,
                byType,
                byAction,
                timeline,
                errors,
                causes,
                plain,
                lostScreenshots,
                missing,
                findings,
                suggestions,
                expectation);
    }

    /** Times in milliseconds; null if no step has one. */
    public record Durations(
            @Nullable Long total,
            @Nullable Double mean,
            @Nullable Double p50,
            @Nullable Double p95,
            @Nullable Long longest) {
        public static final Durations UNKNOWN = new Durations(null, null, null, null, null);
    }

    /**
     * One step, or several that follow each other.
     *
     * @param unknown the number of steps whose outcome is unknown
     * @param at the time of the first step
     * @param durationMs of all together; null if none has a duration
     * @param stepType null if they differ
     * @param action null if they differ or have none
     */
    public record Stretch(
            int firstStep,
            int lastStep,
            int steps,
            int errors,
            int unknown,
            Instant at,
            @Nullable Long durationMs,
            @Nullable String stepType,
            @Nullable String action) {}

    /** A failed step, with the first 2000 characters of {@link StoredStep#error}. */
    public record StepError(
            int stepNumber,
            String stepType,
            @Nullable String action,
            @Nullable String errorMessage) {}

    /** The first 200 characters of the error of these steps; null for steps without one. */
    public record ErrorCause(@Nullable String cause, int count, int firstStep, int lastStep) {}

    /** A screenshot to show; {@code reason} is {@code first}, {@code failure} or {@code last}. */
    public record KeyScreenshot(String reason, int stepNumber, int screenshotIndex, String role, boolean sensitive) {}

    /** All lost screenshots, and the first of them. */
    public record LostScreenshots(long total, List<LostScreenshot> listed) {}

    /** Lost screenshots of a step, with its texts cut to 20 and 200 characters. */
    public record LostScreenshot(
            int stepNumber, @Nullable String role, @Nullable String reason, long count) {}

    public record StepRange(int first, int last) {}

    /**
     * A problem.
     *
     * @param kind such as {@code gap}
     * @param detail a JSON object, by kind; or null
     */
    public record Finding(
            String kind, List<Integer> steps, @Nullable String detail) {
        public static Finding of(dev.steptrail.insights.Finding found) {
            return new Finding(found.kind(), found.steps(), JsonText.sorted(found.detail()));
        }
    }

    /**
     * What to change.
     *
     * @param kind such as {@code unknown_app}
     * @param steps those that show it, at least one
     * @param figures a JSON object, by kind
     */
    public record Suggestion(String kind, List<Integer> steps, String figures) {
        public static Suggestion of(dev.steptrail.insights.Suggestion found) {
            return new Suggestion(found.kind(), found.steps(), JsonText.sorted(found.figures()));
        }
    }
}
