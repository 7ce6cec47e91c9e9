package dev.steptrail.store.statistics;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The steps and runs of a group, added up.
 *
 * @param key the day, the agent…; empty where the tasks do not tell
 * @param measures of those of its steps that were measured; null if none was
 * @param runs null where runs are not grouped so
 */
public record StatsGroup(
        String key,
        Steps steps,
        @Nullable Measures measures,
        @Nullable Runs runs) {

    /** How many there are, and how long all together took. */
    public record Steps(long total, long successful, long failed, long durationMs) {
        static final Steps NONE = new Steps(0, 0, 0, 0);
    }

    /**
     * What steps were found to have taken.
     *
     * @param steps how many were measured
     * @param modelMs how long the model took, all together; null where no step tells
     * @param retries steps that do what the step before them did, which failed
     * @param screenshotBytes as they were stored
     */
    public record Measures(
            long steps,
            Times durations,
            @Nullable Long modelMs,
            Times modelTimes,
            long retries,
            long screenshots,
            long screenshotBytes) {}

    /**
     * The runs that began on the days.
     *
     * @param byEnding ending to count; where a run has none, its status
     * @param successRate of those that ended, how many succeeded; null if none ended
     * @param stepsPerRun null if there is no run
     * @param durations of those that ended
     */
    public record Runs(
            long total,
            Map<String, Long> byEnding,
            @Nullable Double successRate,
            @Nullable Double stepsPerRun,
            Times durations) {}

    /** In milliseconds, to within 1 %; null where nothing tells. */
    public record Times(@Nullable Long p50, @Nullable Long p95) {
        static Times of(DurationSketch sketch) {
            return new Times(sketch.quantile(0.5), sketch.quantile(0.95));
        }
    }
}
