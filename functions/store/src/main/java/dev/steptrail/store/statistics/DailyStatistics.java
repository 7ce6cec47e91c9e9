package dev.steptrail.store.statistics;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Maintains the tables of daily totals. If steps or tasks of a day change, the day is marked as stale and its rows are
 * rebuilt in one transaction. Readers thus see a day either before or after the change.
 */
public final class DailyStatistics {
    /**
     * A task is counted on the day on which it started. If that day changes, both the old and the new day become stale,
     * because the SELECT from task_processing returns the rows as they were before this statement.
     *
     * <p>DO UPDATE locks an existing row of stale_days until the new counts are committed. With DO NOTHING, a
     * concurrent rebuild could delete the row too early, and the day would keep its old totals. All days are inserted
     * in the order in which a rebuild locks them, which prevents deadlocks.
     */
    private static final String MARK_STALE = """
            WITH counted AS (
                UPDATE task_processing AS p
                   SET stats_day     = CASE WHEN t.deleted_at IS NULL THEN (t.started_at AT TIME ZONE 'UTC')::date END,
                       stats_running = t.status = 'running'
                  FROM tasks AS t
                 WHERE p.task_id = ANY (?)
                   AND t.task_id = p.task_id
                RETURNING p.stats_day
            )
            INSERT INTO stale_days (day)
            SELECT day
              FROM task_stats_daily
             WHERE task_id = ANY (?)
             UNION
            SELECT stats_day
              FROM task_processing
             WHERE task_id = ANY (?)
               AND stats_day IS NOT NULL
             UNION
            SELECT stats_day
              FROM counted
             WHERE stats_day IS NOT NULL
             ORDER BY day
            ON CONFLICT (day) DO UPDATE
                SET day = excluded.day
            """;

    private static final String REMOVE_DELETED_TASKS = """
            DELETE FROM task_stats_daily AS d
             USING tasks AS t
             WHERE d.task_id = ANY (?)
               AND t.task_id = d.task_id
               AND t.deleted_at IS NOT NULL
            """;

    private static final String DELETE_STALE = """
            WITH locked AS (
                SELECT day
                  FROM stale_days
                 ORDER BY day
                 LIMIT ?
                   FOR UPDATE
            )
            DELETE FROM stale_days AS s
             USING locked
             WHERE s.day = locked.day
            RETURNING s.day
            """;

    /** Names are truncated so that the longest key fits into an index entry. */
    static final String NAMES = """
            t.owner,
                   left(coalesce(t.agent, ''), 80)     AS agent,
                   left(coalesce(t.model, ''), 80)     AS model,
                   left(coalesce(t.device_id, ''), 80) AS device_id""";

    private static final String INSERT_ACTIONS = """
            INSERT INTO action_stats_daily (day, owner, agent, model, device_id, step_type, action, %1$s)
            SELECT d.day,
                   %2$s,
                   d.step_type,
                   d.action,
            %3$s
              FROM task_stats_daily AS d
              JOIN tasks AS t USING (task_id)
             WHERE d.day = ANY (?)
             GROUP BY 1, 2, 3, 4, 5, 6, 7
            """.formatted(StepTotals.COLUMNS, NAMES, StepTotals.SUMS);

    /** Reads {@code action_stats_daily}, which must be rebuilt first. */
    private static final String INSERT_STEPS = """
            INSERT INTO step_stats_daily (day, owner, agent, model, device_id, step_type, %1$s)
            SELECT day, owner, agent, model, device_id, step_type,
            %2$s
              FROM action_stats_daily AS d
             WHERE day = ANY (?)
             GROUP BY 1, 2, 3, 4, 5, 6
            """.formatted(StepTotals.COLUMNS, StepTotals.SUMS);

    private static final String INSERT_TASKS =
            """
            INSERT INTO task_totals_daily (day, owner, agent, model, device_id, end_reason, %1$s)
            SELECT day, owner, agent, model, device_id, end_reason,
            %2$s
              FROM (SELECT p.stats_day AS day,
                           %3$s,
            %4$s
                      FROM task_processing AS p
                      JOIN tasks AS t USING (task_id)
                     WHERE p.stats_day = ANY (?)
                       AND t.deleted_at IS NULL) AS t
             GROUP BY 1, 2, 3, 4, 5, 6
            """.formatted(TaskTotals.COLUMNS, TaskTotals.SUMS, NAMES, TaskTotals.OF_TASK);

    private final Database database;

    public DailyStatistics(Database database) {
        this.database = database;
    }

    /** The numbers of rebuilt days and of their rows in {@code step_stats_daily}. */
    public record RebuildResult(int days, int rows) {}

    /**
     * Rebuilds the earliest stale days.
     *
     * @param max the maximum number of days
     * @param timeout the timeout of each statement
     * @return empty if no day is stale
     */
    public Optional<RebuildResult> rebuild(int max, Duration timeout) {
        return database.inTransaction(timeout, session -> {
            List<LocalDate> days = session.sql(DELETE_STALE, max).list(row -> row.getObject("day", LocalDate.class));
            if (days.isEmpty()) {
                return Optional.empty();
            }
            rebuild(session, "action_stats_daily", INSERT_ACTIONS, days);
            int rows = rebuild(session, "step_stats_daily", INSERT_STEPS, days);
            rebuild(session, "task_totals_daily", INSERT_TASKS, days);
            return Optional.of(new RebuildResult(days.size(), rows));
        });
    }

    /** Replaces the rows of these days and returns the number of new rows. */
    private static int rebuild(Session session, String table, String insert, List<LocalDate> days) throws SQLException {
        Object array = Sql.array("date", days);
        session.sql("DELETE FROM " + table + " WHERE day = ANY (?)", array).update();
        return session.sql(insert, array).update();
    }

    /** Marks the days of these tasks as stale and deletes the rows of deleted tasks. May wait for a rebuild. */
    public static void markStaleDays(Session session, Collection<UUID> tasks) throws SQLException {
        Object ids = Sql.array("uuid", tasks);
        session.sql(MARK_STALE, ids, ids, ids).update();
        session.sql(REMOVE_DELETED_TASKS, ids).update();
    }
}
