package dev.steptrail.store.statistics;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** What some runs add up to. Not thread-safe. */
final class RunMeasures implements MergeDays.Sum {
    /** In the order in which they are bound. */
    static final String COLUMNS = "total_runs, ended_runs, succeeded_runs, total_steps, durations";

    private final Map<String, Long> byEnding = new TreeMap<>();
    private long runs;
    private long ended;
    private long succeeded;
    private long steps;
    private final DurationSketch durations = new DurationSketch();

    /** Adds one, by its own row. */
    void addRun(ResultSet row) throws SQLException {
        String status = row.getString("status");
        runs++;
        ended += status.equals("running") ? 0 : 1;
        succeeded += status.equals("succeeded") ? 1 : 0;
        steps += row.getLong("total_steps");
        Long duration = row.getObject("duration_ms", Long.class);
        if (duration != null) {
            durations.add(duration);
        }
    }

    /** Adds a row that has the {@link #COLUMNS}, and the ending that its runs have in common. */
    void add(ResultSet row) throws SQLException {
        byEnding.merge(row.getString("ending"), row.getLong("total_runs"), Long::sum);
        runs += row.getLong("total_runs");
        ended += row.getLong("ended_runs");
        succeeded += row.getLong("succeeded_runs");
        steps += row.getLong("total_steps");
        durations.merge(row.getBytes("durations"));
    }

    @Override
    public void bind(PreparedStatement statement, int first) throws SQLException {
        int next = first;
        statement.setLong(next++, runs);
        statement.setLong(next++, ended);
        statement.setLong(next++, succeeded);
        statement.setLong(next++, steps);
        statement.setBytes(next, durations.toBytes());
    }

    StatsGroup.Runs told() {
        return new StatsGroup.Runs(
                runs,
                Collections.unmodifiableMap(byEnding),
                ended == 0 ? null : (double) succeeded / ended,
                runs == 0 ? null : (double) steps / runs,
                StatsGroup.Times.of(durations));
    }
}
