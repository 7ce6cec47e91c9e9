package dev.steptrail.store.statistics;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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

    private static final Table<StepTotals> ACTIONS = new Table<>(
            "action_stats_daily",
            List.of("day", "owner", "agent", "model", "device_id", "step_type", "action"),
            StepTotals.COLUMNS,
            """
            SELECT d.day,
                   %s,
                   d.step_type,
                   d.action,
                   d.*
              FROM task_stats_daily AS d
              JOIN tasks AS t USING (task_id)
             WHERE d.day = ANY (?)
             ORDER BY 1, 2, 3, 4, 5, 6, 7
            """.formatted(NAMES),
            StepTotals::new,
            StepTotals::add);

    /** Computed from {@link #ACTIONS}, which must be rebuilt first. */
    private static final Table<StepTotals> STEPS = new Table<>(
            "step_stats_daily",
            List.of("day", "owner", "agent", "model", "device_id", "step_type"),
            StepTotals.COLUMNS,
            """
            SELECT day, owner, agent, model, device_id, step_type, %s
              FROM action_stats_daily
             WHERE day = ANY (?)
             ORDER BY 1, 2, 3, 4, 5, 6
            """.formatted(StepTotals.COLUMNS),
            StepTotals::new,
            StepTotals::add);

    private static final Table<TaskTotals> TASKS = new Table<>(
            "task_totals_daily",
            List.of("day", "owner", "agent", "model", "device_id", "end_reason"),
            TaskTotals.COLUMNS,
            """
            SELECT p.stats_day AS day,
                   %s,
            %s
              FROM task_processing AS p
              JOIN tasks AS t USING (task_id)
             WHERE p.stats_day = ANY (?)
               AND t.deleted_at IS NULL
             ORDER BY 1, 2, 3, 4, 5, 6
            """.formatted(NAMES, TaskTotals.OF_TASK),
            TaskTotals::new,
            TaskTotals::addTask);

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
            ACTIONS.rebuild(session, days);
            int rows = STEPS.rebuild(session, days);
            TASKS.rebuild(session, days);
            return Optional.of(new RebuildResult(days.size(), rows));
        });
    }

    /** Marks the days of these tasks as stale and deletes the rows of deleted tasks. May wait for a rebuild. */
    public static void markStaleDays(Session session, Collection<UUID> tasks) throws SQLException {
        Object ids = Sql.array("uuid", tasks);
        session.sql(MARK_STALE, ids, ids, ids).update();
        session.sql(REMOVE_DELETED_TASKS, ids).update();
    }

    /** Adds a row of the source to the totals of its key. */
    private interface RowAggregator<T> {
        void add(T totals, ResultSet row) throws SQLException;
    }

    /**
     * A daily table.
     *
     * @param keys its key columns: first the day, then columns of type text
     * @param columns the other columns
     * @param source a query whose rows start with the keys and are sorted by them, so that one total at a time is in
     *     memory
     */
    private record Table<T extends Totals>(
            String name,
            List<String> keys,
            String columns,
            String source,
            Supplier<T> zero,
            RowAggregator<T> aggregator) {

        private static final int BATCH_SIZE = 500;

        /** Rebuilds these days and returns the number of their rows. */
        int rebuild(Session session, List<LocalDate> days) throws SQLException {
            Object array = Sql.array("date", days);
            session.sql("DELETE FROM " + name + " WHERE day = ANY (?)", array).update();
            return session.sql(source, array).fetchSize(BATCH_SIZE).query(rows -> insertTotals(session, rows));
        }

        private int insertTotals(Session session, ResultSet rows) throws SQLException {
            int parameters = keys.size() + columns.split(",", -1).length;
            String insert = "INSERT INTO %s (%s, %s) VALUES (?%s)"
                    .formatted(name, String.join(", ", keys), columns, ", ?".repeat(parameters - 1));
            List<List<@Nullable Object>> batch = new ArrayList<>();
            int inserted = 0;
            boolean isAtRow = rows.next();
            while (isAtRow) {
                List<@Nullable Object> key = key(rows);
                T totals = zero.get();
                do {
                    aggregator.add(totals, rows);
                    isAtRow = rows.next();
                } while (isAtRow && key(rows).equals(key));
                key.addAll(totals.values());
                batch.add(key);
                inserted++;
                if (batch.size() == BATCH_SIZE || !isAtRow) {
                    session.batch(insert, batch, List::toArray);
                    batch.clear();
                }
            }
            return inserted;
        }

        private List<@Nullable Object> key(ResultSet row) throws SQLException {
            List<@Nullable Object> key = new ArrayList<>();
            key.add(row.getObject(1, LocalDate.class));
            for (int column = 2; column <= keys.size(); column++) {
                key.add(row.getString(column));
            }
            return key;
        }
    }
}
