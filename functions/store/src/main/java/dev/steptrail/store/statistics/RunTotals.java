package dev.steptrail.store.statistics;

import dev.steptrail.store.statistics.StatisticsQuery.StatsGroup;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Totals of tasks, each of which is one run. Not thread-safe. */
final class RunTotals implements Totals {
    /** The columns, in the order of {@link #values}. */
    static final String COLUMNS = "total_runs, ended_runs, succeeded_runs, total_steps, durations";

    private final Map<String, Long> byEndReason = new TreeMap<>();
    private long runs;
    private long ended;
    private long succeeded;
    private long steps;
    private final DurationSketch durations = new DurationSketch();

    @Override
    public void add(ResultSet row) throws SQLException {
        byEndReason.merge(row.getString("end_reason"), row.getLong("total_runs"), Long::sum);
        runs += row.getLong("total_runs");
        ended += row.getLong("ended_runs");
        succeeded += row.getLong("succeeded_runs");
        steps += row.getLong("total_steps");
        durations.merge(row.getBytes("durations"));
    }

    /** Adds one task: a row with a column {@code duration_ms} instead of a sketch. */
    void addTask(ResultSet row) throws SQLException {
        add(row);
        Long duration = row.getObject("duration_ms", Long.class);
        if (duration != null) {
            durations.add(duration);
        }
    }

    @Override
    public List<@Nullable Object> values() {
        return Arrays.asList(runs, ended, succeeded, steps, durations.toBytes());
    }

    StatsGroup.Runs toRuns() {
        return new StatsGroup.Runs(
                runs,
                Collections.unmodifiableMap(byEndReason),
                ended == 0 ? null : (double) succeeded / ended,
                runs == 0 ? null : (double) steps / runs,
                StatsGroup.Times.of(durations));
    }
}
