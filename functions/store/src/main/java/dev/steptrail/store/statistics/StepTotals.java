package dev.steptrail.store.statistics;

import dev.steptrail.store.statistics.StatisticsQuery.StatsGroup;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Totals of steps. Not thread-safe. */
final class StepTotals implements Totals {
    /** The columns of the daily tables, in the order of {@link #SUMS}. */
    static final String COLUMNS = """
            total_steps, successful_steps, failed_steps, total_duration_ms, total_model_ms, retries, screenshots,
            screenshot_bytes, usage_steps, input_tokens, cached_tokens, output_tokens, durations, model_times""";

    /** The sums of rows of a daily table {@code d}. */
    static final String SUMS = """
            sum(d.total_steps),
            sum(d.successful_steps),
            sum(d.failed_steps),
            sum(d.total_duration_ms),
            sum(d.total_model_ms),
            sum(d.retries),
            sum(d.screenshots),
            sum(d.screenshot_bytes),
            sum(d.usage_steps),
            sum(d.input_tokens),
            sum(d.cached_tokens),
            sum(d.output_tokens),
            string_agg(d.durations, ''),
            string_agg(d.model_times, '')""";

    private long steps;
    private long successful;
    private long failed;
    private long durationMs;
    private long modelMs;
    private long retries;
    private long screenshots;
    private long screenshotBytes;
    private boolean hasDetails;
    private final Durations durations = new Durations();
    private final Durations modelTimes = new Durations();

    @Override
    public void add(ResultSet row) throws SQLException {
        addCounts(row);
        hasDetails = true;
        modelMs += row.getLong("total_model_ms");
        retries += row.getLong("retries");
        screenshots += row.getLong("screenshots");
        screenshotBytes += row.getLong("screenshot_bytes");
        durations.add(row.getBytes("durations"));
        modelTimes.add(row.getBytes("model_times"));
    }

    /** Adds a row that has only the counts of steps and their total duration. */
    void addCounts(ResultSet row) throws SQLException {
        steps += row.getLong("total_steps");
        successful += row.getLong("successful_steps");
        failed += row.getLong("failed_steps");
        durationMs += row.getLong("total_duration_ms");
    }

    StatsGroup.Steps toSteps() {
        boolean isKnown = hasDetails && steps > 0;
        return new StatsGroup.Steps(
                steps,
                successful,
                failed,
                durationMs,
                StatsGroup.Times.of(durations),
                modelTimes.isEmpty() ? null : modelMs,
                StatsGroup.Times.of(modelTimes),
                isKnown ? retries : null,
                isKnown ? screenshots : null,
                isKnown ? screenshotBytes : null);
    }
}
