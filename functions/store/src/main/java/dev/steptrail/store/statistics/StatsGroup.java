package dev.steptrail.store.statistics;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The totals of a group of steps and runs.
 *
 * @param key the day, the agent and so on; empty if it is unknown
 * @param runs null if runs cannot be grouped in this way
 */
public record StatsGroup(String key, Steps steps, @Nullable Runs runs) {

    /**
     * Totals of steps.
     *
     * @param modelMs total time of model calls; null if no step has one
     * @param retries steps that repeat the action of the step before, which failed
     * @param screenshotBytes as stored
     */
    public record Steps(
            long total,
            long successful,
            long failed,
            long durationMs,
            Times durations,
            @Nullable Long modelMs,
            Times modelTimes,
            long retries,
            long screenshots,
            long screenshotBytes) {}

    /**
     * Totals of the runs that started on the days.
     *
     * @param byEnding counts by ending, or by status for runs without an ending
     * @param successRate share of succeeded runs among those that ended; null if none ended
     * @param stepsPerRun null if there are no runs
     * @param durations of the runs that ended
     */
    public record Runs(
            long total,
            Map<String, Long> byEnding,
            @Nullable Double successRate,
            @Nullable Double stepsPerRun,
            Times durations) {}

    /** Quantiles in milliseconds with a relative error of at most 1 %; null if there are no values. */
    public record Times(@Nullable Long p50, @Nullable Long p95) {
        static Times of(DurationSketch sketch) {
            return new Times(sketch.quantile(0.5), sketch.quantile(0.95));
        }
    }
}
