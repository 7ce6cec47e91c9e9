package dev.steptrail.store.statistics;

import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How many steps were taken, day by day, or by whom, with what and on what, how long did they take, and how did the runs end, as far as maintenance
 * has counted them? It reads what maintenance added up, and no step.
 */
public final class SumStats {
    /** A sum of more groups ends here; of days there are never as many. */
    public static final int MOST_GROUPS = 1000;

    private static final String SQL = """
            SELECT %1$s                   AS key,
                   sum(total_steps)       AS total_steps,
                   sum(successful_steps)  AS successful_steps,
                   sum(failed_steps)      AS failed_steps,
                   sum(total_duration_ms) AS total_duration_ms
              FROM %2$s
             WHERE day BETWEEN ? AND ?
            %3$s GROUP BY %1$s
             ORDER BY %4$s
             LIMIT ?
            """;

    private final Database database;

    public SumStats(Database database) {
        this.database = database;
    }

    /** By what steps are put together. */
    public enum Grouping {
        DAY("day::text", "key"),
        AGENT("agent"),
        MODEL("model"),
        DEVICE_ID("device_id"),
        STEP_TYPE("step_type"),
        ACTION("action");

        final String column;
        private final String order;

        Grouping(String column) {
            this(column, "total_steps DESC, key");
        }

        Grouping(String column, String order) {
            this.column = column;
            this.order = order;
        }

        /** Actions are known of steps that were measured. */
        private String table() {
            return this == ACTION ? "action_measures_daily" : "step_stats_daily";
        }
    }

    /**
     * Which steps; null is any.
     *
     * @param owner of whose tasks
     * @param since the first day, UTC
     * @param until the last day
     */
    public record Filter(
            @Nullable String owner,
            LocalDate since,
            LocalDate until,
            @Nullable String agent,
            @Nullable String model,
            @Nullable String deviceId,
            @Nullable String type) {

        /** Beside the days, which are bound first. */
        Conditions conditions() {
            return new Conditions()
                    .and("owner = ?", owner)
                    .and("agent = ?", agent)
                    .and("model = ?", model)
                    .and("device_id = ?", deviceId)
                    .and("step_type = ?", type);
        }
    }

    /** The groups: days in their order, all others the largest first, {@value #MOST_GROUPS} at most. */
    public List<StatsGroup> of(Filter filter, Grouping grouping) {
        return database.read(connection -> {
            Map<String, StatsGroup.Steps> steps = count(connection, filter, grouping);
            SumDays<StepMeasures> measured = grouping == Grouping.ACTION ? SumDays.ACTIONS : SumDays.MEASURES;
            Map<String, StepMeasures> measures = measured.in(connection, filter, grouping, steps.keySet());
            boolean hasRuns = hasRuns(filter, grouping);
            Map<String, RunMeasures> runs =
                    hasRuns ? SumDays.RUNS.in(connection, filter, grouping, steps.keySet()) : Map.of();
            return keys(steps, runs, grouping)
                    .map(key -> new StatsGroup(
                            key,
                            steps.getOrDefault(key, StatsGroup.Steps.NONE),
                            told(measures.get(key)),
                            hasRuns ? runs.getOrDefault(key, new RunMeasures()).told() : null))
                    .toList();
        });
    }

    /** A run has steps of many types, by many actions. */
    private static boolean hasRuns(Filter filter, Grouping grouping) {
        return filter.type() == null && grouping != Grouping.STEP_TYPE && grouping != Grouping.ACTION;
    }

    private static StatsGroup.@Nullable Measures told(@Nullable StepMeasures measures) {
        return measures == null ? null : measures.told();
    }

    /** Runs that have no steps come last, but for days. */
    private static Stream<String> keys(
            Map<String, StatsGroup.Steps> steps, Map<String, RunMeasures> runs, Grouping grouping) {
        Stream<String> others =
                runs.keySet().stream().filter(key -> !steps.containsKey(key)).sorted();
        Stream<String> all = Stream.concat(steps.keySet().stream(), others);
        return grouping == Grouping.DAY ? all.sorted() : all;
    }

    private static Map<String, StatsGroup.Steps> count(Connection connection, Filter filter, Grouping grouping)
            throws SQLException {
        Conditions conditions = filter.conditions();
        String sql = SQL.formatted(grouping.column, grouping.table(), conditions.sql(), grouping.order);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, filter.since());
            statement.setObject(2, filter.until());
            statement.setInt(conditions.bind(statement, 3), MOST_GROUPS);
            Map<String, StatsGroup.Steps> steps = new LinkedHashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    steps.put(rows.getString("key"), steps(rows));
                }
            }
            return steps;
        }
    }

    private static StatsGroup.Steps steps(ResultSet row) throws SQLException {
        return new StatsGroup.Steps(
                row.getLong("total_steps"),
                row.getLong("successful_steps"),
                row.getLong("failed_steps"),
                row.getLong("total_duration_ms"));
    }
}
