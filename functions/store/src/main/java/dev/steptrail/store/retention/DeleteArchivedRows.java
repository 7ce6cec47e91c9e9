package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.SqlStates;
import dev.steptrail.store.jdbc.TimeLimits;
import dev.steptrail.store.model.Month;
import dev.steptrail.store.model.TasksTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;

/**
 * Takes the rows of steps and screenshots of past tasks away, once the bucket holds every one of them, and calls these tasks
 * archived. All of it is done, or nothing. With the rows, what they name in the bucket is to go.
 *
 * <p>Who writes a step holds its task by {@code KEY SHARE} from its first look on, and counts the step there. This waits for them all and
 * lets no other in ({@code FOR UPDATE}), and then compares what the task counts with what it counted when its archive was made: a step
 * that came between is seen, and nothing is taken.
 */
public final class DeleteArchivedRows {
    private static final String LOCK = """
            SELECT count(*)
              FROM (SELECT
                      FROM tasks
                     WHERE task_id BETWEEN ? AND ?
                     ORDER BY task_id
                       FOR UPDATE) AS locked
            """;

    private static final String MAY = """
            SELECT NOT EXISTS (SELECT
                                 FROM tasks AS t
                                WHERE t.task_id BETWEEN ? AND ?
                                  AND NOT %s)
            """.formatted(RetentionRules.MAY_LOSE_ITS_ROWS);

    private static final String ARE_ALL_STORED = """
            SELECT    coalesce(sum(steps), 0)       = (SELECT count(*) FROM task_steps       WHERE task_id BETWEEN ? AND ?)
                  AND coalesce(sum(screenshots), 0) = (SELECT count(*) FROM step_screenshots WHERE task_id BETWEEN ? AND ?)
              FROM archives
             WHERE task_id BETWEEN ? AND ?
               AND state = 'stored'
            """;

    /**
     * A row names objects of its own task alone; whatever else stood there would be no reason to delete it. What lies whole under
     * {@code payloads/} stays, for the archive holds the row, and a restored row names it again.
     */
    private static final String OBJECTS = """
            INSERT INTO objects_to_delete (key)
            SELECT DISTINCT named.key
              FROM (SELECT task_id, screenshot_path AS key FROM step_screenshots WHERE task_id BETWEEN ? AND ?
                    UNION ALL
                    SELECT task_id, thumbnail_path FROM step_screenshots WHERE task_id BETWEEN ? AND ?) AS named
             WHERE split_part(named.key, '/', 3) = named.task_id::text
             UNION
            SELECT key FROM archives WHERE task_id BETWEEN ? AND ? AND state = 'restored'
             ORDER BY key
            ON CONFLICT (key) DO NOTHING
            """;

    private static final String CALL_ARCHIVED = """
            UPDATE tasks AS t
               SET archived_status = CASE WHEN t.status = 'archived' THEN t.archived_status ELSE t.status END,
                   status          = 'archived'
              FROM archives AS a
             WHERE t.task_id BETWEEN ? AND ?
               AND t.deleted_at IS NULL
               AND a.task_id = t.task_id
               AND a.state = 'stored'
            """;

    private static final String FORGET_RESTORED = """
            DELETE FROM archives
             WHERE task_id BETWEEN ? AND ?
               AND state = 'restored'
            """;

    private static final String COUNT_ON_ARCHIVES = """
            UPDATE archives
               SET state = 'archived'
             WHERE task_id BETWEEN ? AND ?
               AND state = 'stored'
            """;

    private final Database database;
    private final Duration lockTimeout;

    public DeleteArchivedRows(Database database) {
        this(database, TimeLimits.LOCK_TIMEOUT);
    }

    /** @param lockTimeout how long it waits for what others hold, and others behind it; 2 seconds where it is not told */
    public DeleteArchivedRows(Database database, Duration lockTimeout) {
        this.database = database;
        this.lockTimeout = lockTimeout;
    }

    /** Takes rows away. */
    private interface Removal {
        void from(Connection connection) throws SQLException;
    }

    /**
     * Deletes the rows of one task.
     *
     * @param most how long a statement may take
     * @return false if a step came, or somebody keeps it, or others held it too long: then nothing was changed
     */
    public boolean ofTask(UUID taskId, Duration retention, Duration most) {
        return remove(taskId, taskId, retention, most, connection -> {
            run(connection, "DELETE FROM step_screenshots WHERE task_id BETWEEN ? AND ?", taskId, taskId);
            run(connection, "DELETE FROM task_steps WHERE task_id BETWEEN ? AND ?", taskId, taskId);
        });
    }

    /**
     * Empties a month at once, whose partitions are both there. Readers of it wait for a moment; there is nothing for them to
     * miss, since these rows are nowhere else afterwards.
     *
     * @param most how long a statement may take
     * @return false if there is a task in it that must stay, or others held it too long: then nothing was changed
     */
    public boolean ofMonth(Month month, Duration retention, Duration most) {
        String truncate = "TRUNCATE %s, %s".formatted(month.steps(), month.screenshots());
        return remove(month.firstId(), month.lastId(), retention, most, connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute(truncate);
            }
        });
    }

    private boolean remove(UUID first, UUID last, Duration retention, Duration most, Removal removal) {
        return database.inTransaction(connection -> {
            try {
                TimeLimits.set(connection, lockTimeout, most);
                TasksTable.lock(connection);
                run(connection, LOCK, first, last);
                if (may(connection, first, last, retention) && isTrue(connection, ARE_ALL_STORED, first, last)) {
                    run(connection, OBJECTS, first, last);
                    removal.from(connection);
                    // Whoever wrote to a month without a task that was locked has committed by now, and is seen.
                    if (may(connection, first, last, retention)) {
                        run(connection, CALL_ARCHIVED, first, last);
                        run(connection, FORGET_RESTORED, first, last);
                        run(connection, COUNT_ON_ARCHIVES, first, last);
                        return true;
                    }
                }
            } catch (SQLException e) {
                if (!SqlStates.isOutOfTime(e)) {
                    throw e;
                }
            }
            connection.rollback();
            return false;
        });
    }

    private static boolean may(Connection connection, UUID first, UUID last, Duration retention) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MAY)) {
            statement.setObject(1, first);
            statement.setObject(2, last);
            statement.setLong(3, retention.toSeconds());
            return isTrue(statement);
        }
    }

    private static boolean isTrue(Connection connection, String sql, UUID first, UUID last) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, sql, first, last);
            return isTrue(statement);
        }
    }

    private static boolean isTrue(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private static void run(Connection connection, String sql, UUID first, UUID last) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, sql, first, last);
            statement.execute();
        }
    }

    /** As often as {@code sql} asks for them. */
    private static void bind(PreparedStatement statement, String sql, UUID first, UUID last) throws SQLException {
        long parameters = sql.chars().filter(c -> c == '?').count();
        for (int i = 1; i <= parameters; i += 2) {
            statement.setObject(i, first);
            statement.setObject(i + 1, last);
        }
    }
}
