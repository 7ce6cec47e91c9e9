package dev.steptrail.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Rebuilds a day of {@code step_stats_daily} that is stale, in one transaction: readers see the whole day as it was, or as it
 * is. What is counted meanwhile makes the day stale again.
 */
public final class RebuildDay {
    private static final String TAKE = """
            DELETE FROM stale_days
             WHERE day = (SELECT min(day)
                            FROM stale_days)
            RETURNING day
            """;

    private static final String CLEAR = "DELETE FROM step_stats_daily WHERE day = ?";

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
             WHERE d.day = ?
             GROUP BY 1, 2, 3, 4, 5, 6
            """;

    private final Database database;

    public RebuildDay(Database database) {
        this.database = database;
    }

    /**
     * Rebuilds the earliest of them.
     *
     * @param limit how long a statement may take
     * @return how many rows it has now; nothing if no day is stale
     */
    public OptionalInt next(Duration limit) {
        return database.inTransaction(connection -> {
            StatementLimit.in(connection, limit);
            Optional<LocalDate> day = take(connection);
            return day.isEmpty() ? OptionalInt.empty() : OptionalInt.of(rebuild(connection, day.get()));
        });
    }

    private static Optional<LocalDate> take(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TAKE);
                ResultSet row = statement.executeQuery()) {
            return row.next() ? Optional.of(row.getObject("day", LocalDate.class)) : Optional.empty();
        }
    }

    private static int rebuild(Connection connection, LocalDate day) throws SQLException {
        try (PreparedStatement clear = connection.prepareStatement(CLEAR);
                PreparedStatement build = connection.prepareStatement(BUILD)) {
            clear.setObject(1, day);
            clear.executeUpdate();
            build.setObject(1, day);
            return build.executeUpdate();
        }
    }
}
