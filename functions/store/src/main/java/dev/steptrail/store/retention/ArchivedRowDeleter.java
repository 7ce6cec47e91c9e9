package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.model.TaskLocks;
import dev.steptrail.store.retention.PartitionRepository.Month;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * Deletes the steps and screenshots of tasks past the retention whose rows are all in the bucket. In the same
 * transaction it marks the tasks as archived, and queues the objects that the rows referenced for deletion.
 *
 * <p>A writer of steps holds a KEY SHARE lock on the task from its first read, and increments the task's step count.
 * The FOR UPDATE lock taken here waits for such writers and blocks new ones. If the step count then differs from
 * the count in the archive, a step was written in the meantime, and nothing is deleted.
 */
public final class ArchivedRowDeleter {
    private static final String LOCK = """
            SELECT count(*)
              FROM (SELECT
                      FROM tasks
                     WHERE task_id BETWEEN ? AND ?
                     ORDER BY task_id
                       FOR UPDATE) AS locked
            """;

    private static final String MAY_DELETE = """
            SELECT NOT EXISTS (SELECT
                                 FROM tasks AS t
                                WHERE t.task_id BETWEEN ? AND ?
                                  AND NOT %s)
            """.formatted(RetentionSql.ROWS_ARE_DELETABLE);

    private static final String ALL_ROWS_STORED = """
            WITH bounds (low, high) AS (
                VALUES (?::uuid, ?::uuid)
            )
            SELECT    coalesce(sum(steps), 0)
                          = (SELECT count(*) FROM task_steps,       bounds WHERE task_id BETWEEN low AND high)
                  AND coalesce(sum(screenshots), 0)
                          = (SELECT count(*) FROM step_screenshots, bounds WHERE task_id BETWEEN low AND high)
              FROM archives, bounds
             WHERE task_id BETWEEN low AND high
               AND state = 'stored'
            """;

    /**
     * Queues only objects in the folder of the row's task, even if the row references others. Objects under
     * {@code attachments/} are kept, because a restored row references them again.
     */
    private static final String QUEUE_OBJECTS = """
            WITH bounds (low, high) AS (
                VALUES (?::uuid, ?::uuid)
            )
            INSERT INTO objects_to_delete (key)
            SELECT DISTINCT referenced.key
              FROM (SELECT task_id, screenshot_path AS key
                      FROM step_screenshots, bounds
                     WHERE task_id BETWEEN low AND high
                    UNION ALL
                    SELECT task_id, thumbnail_path
                      FROM step_screenshots, bounds
                     WHERE task_id BETWEEN low AND high) AS referenced
             WHERE split_part(referenced.key, '/', 3) = referenced.task_id::text
               AND referenced.key LIKE 'screenshots/_%/_%/_%'
             UNION
            SELECT key
              FROM archives, bounds
             WHERE task_id BETWEEN low AND high
               AND state = 'restored'
             ORDER BY key
            ON CONFLICT (key) DO NOTHING
            """;

    private static final String DELETE_ROWS = """
            WITH screenshots AS (
                DELETE FROM step_screenshots WHERE task_id = ?
            )
            DELETE FROM task_steps WHERE task_id = ?
            """;

    private static final String MARK_ARCHIVED = """
            UPDATE tasks AS t
               SET archived_status = CASE WHEN t.status = 'archived' THEN t.archived_status ELSE t.status END,
                   status          = 'archived'
              FROM archives AS a
             WHERE t.task_id BETWEEN ? AND ?
               AND t.deleted_at IS NULL
               AND a.task_id = t.task_id
               AND a.state = 'stored'
            """;

    private static final String DROP_RESTORED = """
            DELETE FROM archives
             WHERE task_id BETWEEN ? AND ?
               AND state = 'restored'
            """;

    private static final String ACTIVATE_ARCHIVES = """
            UPDATE archives
               SET state = 'archived'
             WHERE task_id BETWEEN ? AND ?
               AND state = 'stored'
            """;

    private final Database database;
    private final Duration lockTimeout;

    public ArchivedRowDeleter(Database database) {
        this(database, Session.LOCK_TIMEOUT);
    }

    /** @param lockTimeout the maximum wait for each lock. Default 2 s. */
    public ArchivedRowDeleter(Database database, Duration lockTimeout) {
        this.database = database;
        this.lockTimeout = lockTimeout;
    }

    /**
     * Deletes the rows of one task.
     *
     * @param timeout the timeout of each statement
     * @return false, without changing anything, if a step arrived, the task is kept, or a lock timed out
     */
    public boolean deleteTask(UUID taskId, Duration retention, Duration timeout) {
        return delete(taskId, taskId, retention, timeout, session -> session.sql(DELETE_ROWS, taskId, taskId)
                .update());
    }

    /**
     * Truncates the partitions of a month, both of which must exist. Readers of the month wait until the transaction
     * ends.
     *
     * @param timeout the timeout of each statement
     * @return false, without changing anything, if the rows of a task in the month must be kept, or a lock timed out
     */
    public boolean truncateMonth(Month month, Duration retention, Duration timeout) {
        String truncate = "TRUNCATE %s, %s".formatted(month.steps(), month.screenshots());
        return delete(month.firstId(), month.lastId(), retention, timeout, session -> session.sql(truncate)
                .update());
    }

    private boolean delete(
            UUID first, UUID last, Duration retention, Duration timeout, Session.Work<Integer> deletion) {
        return database.tryInTransaction(lockTimeout, timeout, session -> {
                    TaskLocks.lock(session);
                    session.sql(LOCK, first, last).hasRows();
                    if (!mayDelete(session, first, last, retention)
                            || !session.sql(ALL_ROWS_STORED, first, last).single(row -> row.getBoolean(1))) {
                        return Optional.empty();
                    }
                    session.sql(QUEUE_OBJECTS, first, last).update();
                    deletion.run(session);
                    // Check again: tasks that were inserted in the meantime were not locked.
                    if (!mayDelete(session, first, last, retention)) {
                        return Optional.empty();
                    }
                    session.sql(MARK_ARCHIVED, first, last).update();
                    session.sql(DROP_RESTORED, first, last).update();
                    session.sql(ACTIVATE_ARCHIVES, first, last).update();
                    return Optional.of(first);
                })
                .isPresent();
    }

    private static boolean mayDelete(Session session, UUID first, UUID last, Duration retention) throws SQLException {
        return session.sql(MAY_DELETE, first, last, retention.toSeconds()).single(row -> row.getBoolean(1));
    }
}
