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

/** Totals of tasks. Not thread-safe. */
final class TaskTotals implements Totals {
    /** The columns, in the order of {@link #values}. */
    static final String COLUMNS = "total_tasks, ended_tasks, succeeded_tasks, total_steps, durations";

    private final Map<String, Long> byEndReason = new TreeMap<>();
    private long tasks;
    private long ended;
    private long succeeded;
    private long steps;
    private final DurationSketch durations = new DurationSketch();

    @Override
    public void add(ResultSet row) throws SQLException {
        byEndReason.merge(row.getString("end_reason"), row.getLong("total_tasks"), Long::sum);
        tasks += row.getLong("total_tasks");
        ended += row.getLong("ended_tasks");
        succeeded += row.getLong("succeeded_tasks");
        steps += row.getLong("total_steps");
        durations.merge(row.getBytes("durations"));
    }

    /** Adds a row of one task. Such a row has a column {@code duration_ms} instead of a sketch. */
    void addTask(ResultSet row) throws SQLException {
        add(row);
        Long duration = row.getObject("duration_ms", Long.class);
        if (duration != null) {
            durations.add(duration);
        }
    }

    @Override
    public List<@Nullable Object> values() {
        return Arrays.asList(tasks, ended, succeeded, steps, durations.toBytes());
    }

    StatsGroup.Tasks toTasks() {
        return new StatsGroup.Tasks(
                tasks,
                Collections.unmodifiableMap(byEndReason),
                ended == 0 ? null : (double) succeeded / ended,
                tasks == 0 ? null : (double) steps / tasks,
                StatsGroup.Times.of(durations));
    }
}
