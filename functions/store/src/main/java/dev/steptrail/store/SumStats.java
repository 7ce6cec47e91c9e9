package dev.steptrail.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How many steps were taken, day by day, or by whom, with what and on what, as far as maintenance has counted them? */
public final class SumStats {
    /** A sum of more groups ends here; of days there are never as many. */
    public static final int MOST_GROUPS = 1000;

    private static final String SQL = """
            SELECT %1$s                   AS key,
                   sum(total_steps)       AS total_steps,
                   sum(successful_steps)  AS successful_steps,
                   sum(failed_steps)      AS failed_steps,
                   sum(total_duration_ms) AS total_duration_ms
              FROM step_stats_daily
             WHERE day BETWEEN ? AND ?
            %2$s GROUP BY %1$s
             ORDER BY %3$s
             LIMIT ?
            """;

    private final Database database;

    public SumStats(Database database) {
        this.database = database;
    }

    /** By what steps are put together. */
    public enum Grouping {
        DAY("day::text", "key"),
        AGENT("agent", "total_steps DESC, key"),
        MODEL("model", "total_steps DESC, key"),
        DEVICE_ID("device_id", "total_steps DESC, key"),
        STEP_TYPE("step_type", "total_steps DESC, key");

        private final String column;
        private final String order;

        Grouping(String column, String order) {
            this.column = column;
            this.order = order;
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
            @Nullable String type) {}

    /**
     * The steps of a group.
     *
     * @param key the day, the agent…; empty where the tasks do not tell
     */
    public record Sum(String key, long totalSteps, long successfulSteps, long failedSteps, long totalDurationMs) {}

    /** The sums: days in their order, all others the largest first, {@value #MOST_GROUPS} at most. */
    public List<Sum> of(Filter filter, Grouping grouping) {
        Conditions conditions = new Conditions()
                .and("owner = ?", filter.owner())
                .and("agent = ?", filter.agent())
                .and("model = ?", filter.model())
                .and("device_id = ?", filter.deviceId())
                .and("step_type = ?", filter.type());
        String sql = SQL.formatted(grouping.column, conditions.sql(), grouping.order);
        return database.readOnce(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setObject(1, filter.since());
                statement.setObject(2, filter.until());
                statement.setInt(conditions.bind(statement, 3), MOST_GROUPS);
                List<Sum> sums = new ArrayList<>();
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        sums.add(sum(rows));
                    }
                }
                return sums;
            }
        });
    }

    private static Sum sum(ResultSet row) throws SQLException {
        return new Sum(
                row.getString("key"),
                row.getLong("total_steps"),
                row.getLong("successful_steps"),
                row.getLong("failed_steps"),
                row.getLong("total_duration_ms"));
    }
}
