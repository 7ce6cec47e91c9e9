package dev.steptrail.store.statistics;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.TimeLimits;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rebuilds days of the daily statistics that are stale, in one transaction: readers see a whole day as it was, or as it
 * is. What is counted meanwhile makes its day stale again.
 */
public final class RebuildDays {
    /** Marks are held in the order of their days, as {@link MarkDays} makes them, so that the two cannot deadlock. */
    private static final String TAKE = """
            WITH taken AS (
                SELECT day
                  FROM stale_days
                 ORDER BY day
                 LIMIT ?
                   FOR UPDATE
            )
            DELETE FROM stale_days AS s
             USING taken
             WHERE s.day = taken.day
            RETURNING s.day
            """;

    private static final String CLEAR = "DELETE FROM step_stats_daily WHERE day = ANY (?)";

    /** Names are cut, so that with the longest of them a row still fits into its index. */
    private static final String BUILD = """
            INSERT INTO step_stats_daily
                   (day, owner, agent, model, device_id, step_type, total_steps, successful_steps, failed_steps,
                    total_duration_ms)
            SELECT d.day,
                   t.owner,
                   left(coalesce(t.agent, ''), 80)     AS agent,
                   left(coalesce(t.model, ''), 80)     AS model,
                   left(coalesce(t.device_id, ''), 80) AS device_id,
                   d.step_type,
                   sum(d.total_steps),
                   sum(d.successful_steps),
                   sum(d.failed_steps),
                   sum(d.total_duration_ms)
              FROM task_stats_daily AS d
              JOIN tasks AS t USING (task_id)
             WHERE d.day = ANY (?)
             GROUP BY 1, 2, 3, 4, 5, 6
            """;

    private final Database database;

    public RebuildDays(Database database) {
        this.database = database;
    }

    /** How many days, and how many rows of step_stats_daily they have now. */
    public record Rebuilt(int days, int rows) {}

    /**
     * Rebuilds the earliest of them.
     *
     * @param most how many
     * @param limit how long a statement may take
     * @return nothing if no day is stale
     */
    public Optional<Rebuilt> some(int most, Duration limit) {
        return database.inTransaction(connection -> {
            TimeLimits.set(connection, limit);
            Object[] days = take(connection, most);
            return days.length == 0
                    ? Optional.empty()
                    : Optional.of(
                            new Rebuilt(days.length, rebuild(connection, connection.createArrayOf("date", days))));
        });
    }

    private static Object[] take(Connection connection, int most) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TAKE)) {
            statement.setInt(1, most);
            List<LocalDate> days = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    days.add(rows.getObject("day", LocalDate.class));
                }
            }
            return days.toArray();
        }
    }

    private static int rebuild(Connection connection, Array days) throws SQLException {
        try (PreparedStatement clear = connection.prepareStatement(CLEAR);
                PreparedStatement build = connection.prepareStatement(BUILD)) {
            clear.setArray(1, days);
            clear.executeUpdate();
            MergeDays.ACTIONS.in(connection, days);
            MergeDays.MEASURES.in(connection, days);
            MergeDays.RUNS.in(connection, days);
            build.setArray(1, days);
            return build.executeUpdate();
        }
    }
}
