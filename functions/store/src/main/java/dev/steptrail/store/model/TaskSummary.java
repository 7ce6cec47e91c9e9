package dev.steptrail.store.model;

import dev.steptrail.store.query.TaskSummariser;
import dev.steptrail.store.query.Timeline;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a task, added up.
 *
 * @param durations how long steps took
 * @param intervals how long it took from the end of a step to the end of the next, of steps whose numbers follow each other: known of steps that do
 *     not tell their durations too
 * @param gaps how long it took from the end of a step to the beginning of the next, of steps whose numbers follow each other
 * @param modelTimes how long the model took, by {@code timings.model_ms}
 * @param byType step_type to count, most frequent first, at most {@value TaskSummariser#MAX_LISTED}
 * @param byAction what the action calls itself ({@code action.action}, else {@code action._metadata}) to count, likewise
 * @param timeline all steps in their order, at most {@value Timeline#MAX_STRETCHES} stretches of them
 * @param errors failed steps, in their order, at most {@value TaskSummariser#MAX_LISTED}, and
 *     as many as say 1 MiB together
 * @param causes of all such steps, most frequent first, at most 100
 * @param keyScreenshots the first picture, that of the first error of each cause, at most 20, and the last
 * @param lostScreenshots pictures that steps say were lost; not those in the task's {@code losses}
 * @param missing numbers that no step has, in their order, at most {@value TaskSummariser#MAX_LISTED} ranges
 * @param findings what was found at the last look at the task, at most 100, and what its steps show now
 * @param suggestions what its steps suggest to change
 * @param expectation a JSON object of how the owner's runs of the same text that ended went, this one among them; null where too few ended, or who asks must not know
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

    /** The summary without the pictures that were marked as sensitive. */
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

    /** How long something took, in milliseconds; null where no step tells. */
    public record Durations(
            @Nullable Long total,
            @Nullable Double mean,
            @Nullable Double p50,
            @Nullable Double p95,
            @Nullable Long longest) {
        public static final Durations UNKNOWN = new Durations(null, null, null, null, null);
    }

    /**
     * Steps that follow each other: mostly one.
     *
     * @param unknown how many of them nobody can tell how they went
     * @param at when the first of them was recorded
     * @param durationMs of all together; null where none tells
     * @param stepType null where they differ
     * @param action what their action calls itself; null where they differ, or have none
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

    /**
     * A step that went wrong.
     *
     * @param errorMessage what it says of it ({@link StoredStep#error}), its first 2000 characters
     */
    public record StepError(
            int stepNumber,
            String stepType,
            @Nullable String action,
            @Nullable String errorMessage) {}

    /**
     * Why steps went wrong.
     *
     * @param cause the first 200 characters of what they say of it; null for those that say nothing
     */
    public record ErrorCause(@Nullable String cause, int count, int firstStep, int lastStep) {}

    /**
     * A picture that tells much.
     *
     * @param why {@code first}, {@code failure} or {@code last}
     * @param ordinal its place among the step's pictures
     */
    public record KeyScreenshot(String why, int stepNumber, int ordinal, String role, boolean sensitive) {}

    /**
     * Pictures that were lost on the way.
     *
     * @param total how many
     * @param listed the first of them in the order of their steps, at most {@value TaskSummariser#MAX_LISTED}
     */
    public record LostScreenshots(long total, List<LostScreenshot> listed) {}

    /**
     * One of them, or several of a step, told as the step told it, cut to 20 and 200 characters; null what it did not tell.
     *
     * @param count how many
     */
    public record LostScreenshot(
            int stepNumber, @Nullable String role, @Nullable String reason, long count) {}

    /** Numbers from {@code first} to {@code last}. */
    public record StepRange(int first, int last) {}

    /**
     * What somebody should look at.
     *
     * @param kind such as {@code gap}
     * @param steps the numbers that it concerns, at most {@value TaskSummariser#MAX_LISTED}
     * @param detail a JSON object of what else is to be said, by kind; or null
     */
    public record Finding(
            String kind, List<Integer> steps, @Nullable String detail) {
        public static Finding of(dev.steptrail.insights.Finding found) {
            return new Finding(found.kind(), found.steps(), FigureJson.of(found.detail()));
        }
    }

    /**
     * What to change.
     *
     * @param kind such as {@code unknown_app}
     * @param steps the numbers of those that show it, at least one, at most {@value TaskSummariser#MAX_LISTED}
     * @param figures a JSON object of how much of it there is, by kind
     */
    public record Suggestion(String kind, List<Integer> steps, String figures) {
        public static Suggestion of(dev.steptrail.insights.Suggestion found) {
            return new Suggestion(found.kind(), found.steps(), FigureJson.of(found.figures()));
        }
    }
}
