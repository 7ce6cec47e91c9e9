package dev.steptrail.store.statistics;

import dev.steptrail.store.statistics.StatisticsQuery.StatsGroup;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Totals of steps. Not thread-safe. */
final class StepTotals implements Totals {
    /** The columns, in the order of {@link #values}. */
    static final String COLUMNS = """
            total_steps, successful_steps, failed_steps, total_duration_ms, total_model_ms, retries, screenshots,
            screenshot_bytes, usage_steps, input_tokens, cached_tokens, output_tokens, durations, model_times""";

    private long steps;
    private long successful;
    private long failed;
    private long durationMs;
    private long modelMs;
    private long retries;
    private long screenshots;
    private long screenshotBytes;
    private long usageSteps;
    private long inputTokens;
    private long cachedTokens;
    private long outputTokens;
    private final DurationSketch durations = new DurationSketch();
    private final DurationSketch modelTimes = new DurationSketch();

    /**
     * Adds one step.
     *
     * @param succeeded null if unknown
     * @param duration in milliseconds; null if unknown
     * @param modelTime in milliseconds; null if unknown
     */
    void addStep(
            @Nullable Boolean succeeded,
            @Nullable Long duration,
            @Nullable Integer modelTime,
            long screenshots,
            long screenshotBytes) {
        steps++;
        if (succeeded != null) {
            successful += succeeded ? 1 : 0;
            failed += succeeded ? 0 : 1;
        }
        if (duration != null) {
            durationMs += duration;
            durations.add(duration);
        }
        if (modelTime != null) {
            modelMs += modelTime;
            modelTimes.add(modelTime);
        }
        this.screenshots += screenshots;
        this.screenshotBytes += screenshotBytes;
    }

    /** Adds the tokens of one step, as {@code UsageWriter} does. Null if unknown. */
    void addTokens(@Nullable Long input, @Nullable Long cached, @Nullable Long output) {
        if (input != null || cached != null || output != null) {
            usageSteps++;
            inputTokens += input == null ? 0 : input;
            cachedTokens += cached == null ? 0 : cached;
            outputTokens += output == null ? 0 : output;
        }
    }

    void addRetry() {
        retries++;
    }

    long steps() {
        return steps;
    }

    @Override
    public void add(ResultSet row) throws SQLException {
        steps += row.getLong("total_steps");
        successful += row.getLong("successful_steps");
        failed += row.getLong("failed_steps");
        durationMs += row.getLong("total_duration_ms");
        modelMs += row.getLong("total_model_ms");
        retries += row.getLong("retries");
        screenshots += row.getLong("screenshots");
        screenshotBytes += row.getLong("screenshot_bytes");
        usageSteps += row.getLong("usage_steps");
        inputTokens += row.getLong("input_tokens");
        cachedTokens += row.getLong("cached_tokens");
        outputTokens += row.getLong("output_tokens");
        durations.merge(row.getBytes("durations"));
        modelTimes.merge(row.getBytes("model_times"));
    }

    @Override
    public List<@Nullable Object> values() {
        return Arrays.asList(
                steps,
                successful,
                failed,
                durationMs,
                modelMs,
                retries,
                screenshots,
                screenshotBytes,
                usageSteps,
                inputTokens,
                cachedTokens,
                outputTokens,
                durations.toBytes(),
                modelTimes.toBytes());
    }

    StatsGroup.Steps toSteps() {
        return new StatsGroup.Steps(
                steps,
                successful,
                failed,
                durationMs,
                StatsGroup.Times.of(durations),
                modelTimes.isEmpty() ? null : modelMs,
                StatsGroup.Times.of(modelTimes),
                steps == 0 ? null : retries,
                steps == 0 ? null : screenshots,
                steps == 0 ? null : screenshotBytes);
    }
}
