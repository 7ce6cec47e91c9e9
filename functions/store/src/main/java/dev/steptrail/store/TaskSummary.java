package dev.steptrail.store;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a task, added up.
 *
 * @param byType step_type to count, most frequent first, at most {@value SummariseTask#MAX_LISTED}
 * @param byAction what the action calls itself ({@code action.action}, else {@code action._metadata}) to count, likewise
 * @param errors failed steps and steps with an error, in their order, at most {@value SummariseTask#MAX_LISTED}, and
 *     as many as say 1 MiB together
 * @param lostScreenshots pictures that steps say were lost; not those in the task's {@code losses}
 * @param missing numbers that no step has, in their order, at most {@value SummariseTask#MAX_LISTED} ranges
 * @param findings what was found at the last look at the task, at most 100
 */
public record TaskSummary(
        Durations durations,
        Map<String, Long> byType,
        Map<String, Long> byAction,
        List<StepError> errors,
        LostScreenshots lostScreenshots,
        List<StepRange> missing,
        List<Finding> findings) {

    /** How long steps took, in milliseconds; null where no step tells. */
    public record Durations(
            @Nullable Double mean,
            @Nullable Double p50,
            @Nullable Double p95,
            @Nullable Long longest) {}

    /** A step that went wrong. */
    public record StepError(int stepNumber, @Nullable String errorMessage) {}

    /**
     * Pictures that were lost on the way.
     *
     * @param total how many
     * @param listed the first of them in the order of their steps, at most {@value SummariseTask#MAX_LISTED}
     */
    public record LostScreenshots(long total, List<LostScreenshot> listed) {}

    /** One of them, told as the step told it, cut to 20 and 200 characters; null what it did not tell. */
    public record LostScreenshot(
            int stepNumber, @Nullable String role, @Nullable String reason) {}

    /** Numbers from {@code first} to {@code last}. */
    public record StepRange(int first, int last) {}

    /**
     * What somebody should look at.
     *
     * @param kind such as {@code gap}
     * @param steps the numbers that it concerns, at most {@value SummariseTask#MAX_LISTED}
     * @param detail a JSON object of what else is to be said, by kind; or null
     */
    public record Finding(
            String kind, List<Integer> steps, @Nullable String detail) {}
}
