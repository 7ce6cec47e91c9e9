package dev.steptrail.store.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Totals of the steps of a task. Lists are bounded, mostly by {@value #MAX_LISTED}.
 *
 * @param summarisedSteps the number of steps that the summary is based on
 * @param truncated whether the task has more steps. Then only the first and last steps are summarised, and the errors
 *     also contain the first failed steps in between. The total duration covers all steps.
 * @param durations the durations of steps, as recorded
 * @param intervals times from the end of a step to the end of the step with the next number, known even if durations
 *     were not recorded
 * @param gaps times from the end of a step to the start of the step with the next number
 * @param modelTimes model latencies, from {@code timings.model_ms}
 * @param byType counts by step_type, most frequent first
 * @param byAction counts by the action's name ({@code action.action}, else {@code action._metadata}), most frequent
 *     first
 * @param timeline the summarised steps in their order, in at most {@value #MAX_SEGMENTS} segments of consecutive steps
 * @param errors the first failed steps, whose messages have at most 1 MiB in total
 * @param causes the causes of the failed steps, most frequent first, at most 100
 * @param keyScreenshots the first and the last one, and one of the first failed step of each of up to 20 causes
 * @param lostScreenshots screenshots that steps report as lost; excludes those in the task's {@code losses}
 * @param missing ranges of step numbers without a step, among the summarised steps
 * @param findings problems found by maintenance and by the rules
 * @param suggestions suggested changes of the agent's setup or instruction
 * @param expectation a JSON object about the results of the owner's tasks with the same instruction; null if fewer than
 *     five have ended, or if no comparison was requested
 */
public record TaskSummary(
        int summarisedSteps,
        boolean truncated,
        Durations durations,
        Durations intervals,
        Durations gaps,
        Durations modelTimes,
        Map<String, Long> byType,
        Map<String, Long> byAction,
        List<TimelineSegment> timeline,
        List<StepError> errors,
        List<ErrorCause> causes,
        List<KeyScreenshot> keyScreenshots,
        LostScreenshots lostScreenshots,
        List<StepRange> missing,
        List<Finding> findings,
        List<Suggestion> suggestions,
        @Nullable String expectation) {
    /** The maximum length of most lists. */
    public static final int MAX_LISTED = 1000;

    /** The maximum number of segments of the timeline. */
    public static final int MAX_SEGMENTS = 500;

    /** Returns the summary without the screenshots that are marked as sensitive. */
    public TaskSummary withoutSensitiveScreenshots() {
        List<KeyScreenshot> visible = keyScreenshots.stream()
                .filter(screenshot -> !screenshot.sensitive())
                .toList();
        return copy(visible, lostScreenshots);
    }

    /** Returns the summary without the reasons of lost screenshots, which a sender may have filled with any text. */
    public TaskSummary withoutDetails() {
        List<LostScreenshot> visible = lostScreenshots.listed().stream()
                .map(lost -> new LostScreenshot(lost.stepNumber(), DetailFilter.role(lost.role()), null, lost.count()))
                .toList();
        return copy(keyScreenshots, new LostScreenshots(lostScreenshots.total(), visible));
    }

    private TaskSummary copy(List<KeyScreenshot> screenshots, LostScreenshots lost) {
        return new TaskSummary(
                summarisedSteps,
                truncated,
                durations,
                intervals,
                gaps,
                modelTimes,
                byType,
                byAction,
                timeline,
                errors,
                causes,
                screenshots,
                lost,
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

        /** Returns the same statistics with another total; unchanged if no step has a duration. */
        public Durations withTotal(long exactTotal) {
            return total == null ? this : new Durations(exactTotal, mean, p50, p95, longest);
        }
    }

    /**
     * A segment of the timeline: one step, or several consecutive steps.
     *
     * @param unknown the number of steps whose outcome is unknown
     * @param at the time of the first step
     * @param durationMs the total duration; null if no step has one
     * @param stepType null if the steps have different types
     * @param action null if the steps have different actions, or none
     */
    public record TimelineSegment(
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

    /** Failed steps whose errors have the same first 200 characters ({@code cause}; null if they have no error). */
    public record ErrorCause(@Nullable String cause, int count, int firstStep, int lastStep) {}

    /** A screenshot to show; {@code reason} is {@code first}, {@code failure} or {@code last}. */
    public record KeyScreenshot(String reason, int stepNumber, int screenshotIndex, String role, boolean sensitive) {}

    /** The number of lost screenshots, and the first of them. */
    public record LostScreenshots(long total, List<LostScreenshot> listed) {}

    /** Lost screenshots of a step. {@code role} is truncated to 20 characters, and {@code reason} to 200. */
    public record LostScreenshot(
            int stepNumber, @Nullable String role, @Nullable String reason, long count) {}

    public record StepRange(int first, int last) {}

    /**
     * A problem.
     *
     * @param kind such as {@code gap}
     * @param detail a JSON object whose fields depend on the kind; or null
     */
    public record Finding(
            String kind, List<Integer> steps, @Nullable String detail) {
        public static Finding of(dev.steptrail.insights.Finding found) {
            return new Finding(found.kind(), found.steps(), JsonColumn.writeSorted(found.figures()));
        }
    }

    /**
     * A suggested change.
     *
     * @param kind such as {@code unknown_app}
     * @param steps the steps that are evidence, at least one
     * @param figures a JSON object whose fields depend on the kind
     */
    public record Suggestion(String kind, List<Integer> steps, String figures) {
        public static Suggestion of(dev.steptrail.insights.Finding found) {
            return new Suggestion(found.kind(), found.steps(), JsonColumn.writeSorted(found.figures()));
        }
    }
}
