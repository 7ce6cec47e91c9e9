package dev.steptrail.store.statistics;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What some steps add up to: of a task and a day, of a day, or of many. Not thread-safe. */
final class StepMeasures implements MergeDays.Sum {
    /** In the order in which they are bound. */
    static final String COLUMNS = """
            total_steps, successful_steps, failed_steps, total_duration_ms, total_model_ms, retries, screenshots, screenshot_bytes,
            durations, model_times""";

    private long steps;
    private long successful;
    private long failed;
    private long durationMs;
    private long modelMs;
    private long retries;
    private long screenshots;
    private long screenshotBytes;
    private final DurationSketch durations = new DurationSketch();
    private final DurationSketch modelTimes = new DurationSketch();

    /**
     * Adds a step.
     *
     * @param wentWell null where nobody can tell
     * @param screenshots how many it has, of how many bytes all together
     */
    void addStep(
            @Nullable Boolean wentWell,
            @Nullable Long duration,
            @Nullable Integer modelTime,
            long screenshots,
            long screenshotBytes) {
        steps++;
        if (wentWell != null) {
            successful += wentWell ? 1 : 0;
            failed += wentWell ? 0 : 1;
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

    void addRetry() {
        retries++;
    }

    /** Adds a row that has the {@link #COLUMNS}. */
    void add(ResultSet row) throws SQLException {
        steps += row.getLong("total_steps");
        successful += row.getLong("successful_steps");
        failed += row.getLong("failed_steps");
        durationMs += row.getLong("total_duration_ms");
        modelMs += row.getLong("total_model_ms");
        retries += row.getLong("retries");
        screenshots += row.getLong("screenshots");
        screenshotBytes += row.getLong("screenshot_bytes");
        durations.merge(row.getBytes("durations"));
        modelTimes.merge(row.getBytes("model_times"));
    }

    @Override
    public void bind(PreparedStatement statement, int first) throws SQLException {
        int next = first;
        statement.setLong(next++, steps);
        statement.setLong(next++, successful);
        statement.setLong(next++, failed);
        statement.setLong(next++, durationMs);
        statement.setLong(next++, modelMs);
        statement.setLong(next++, retries);
        statement.setLong(next++, screenshots);
        statement.setLong(next++, screenshotBytes);
        statement.setBytes(next++, durations.toBytes());
        statement.setBytes(next, modelTimes.toBytes());
    }

    StatsGroup.Measures told() {
        return new StatsGroup.Measures(
                steps,
                StatsGroup.Times.of(durations),
                modelTimes.isEmpty() ? null : modelMs,
                StatsGroup.Times.of(modelTimes),
                retries,
                screenshots,
                screenshotBytes);
    }
}
