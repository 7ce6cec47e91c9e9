package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.model.TaskLocks;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * Deletes the steps and screenshots of a task past the retention whose rows are all in the bucket. In the same
 * transaction it marks the task as archived, and queues the objects that the rows referenced for deletion.
 *
 * <p>A writer of steps holds a KEY SHARE lock on the task from its first read, and increments the task's step count.
 * The FOR UPDATE lock taken here waits for such writers and blocks new ones. If the step count then differs from the
 * count in the archive, a step was written in the meantime, and nothing is deleted.
 */
public final class ArchivedRowDeleter {
    private static final String LOCK = "SELECT FROM tasks WHERE task_id = ? FOR UPDATE";

    /**
     * Runs after the lock, so that no other session changes the rows that it counts. The id is a parameter of each
     * count, so that the planner prunes partitions.
     */
    private static final String MAY_DELETE = """
            SELECT
              %s
               AND task_id = ?
               AND stored.steps       = (SELECT count(*) FROM task_steps       WHERE task_id = ?)
               AND stored.screenshots = (SELECT count(*) FROM step_screenshots WHERE task_id = ?)
            """.formatted(RetentionSql.FROM_STORED);

    /**
     * Queues only objects in the folder of the row's task, even if the row references others. Objects under
     * {@code attachments/} are kept, because a restored row references them again.
     */
    private static final String QUEUE_OBJECTS = """
            INSERT INTO objects_to_delete (key)
            SELECT referenced.key
              FROM step_screenshots
             CROSS JOIN LATERAL (VALUES (screenshot_path), (thumbnail_path)) AS referenced (key)
             WHERE task_id = ?
               AND split_part(referenced.key, '/', 3) = task_id::text
               AND referenced.key LIKE 'screenshots/_%/_%/_%'
             UNION
            SELECT key
              FROM archives
             WHERE task_id = ?
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
            UPDATE tasks
               SET archived_status = CASE WHEN status = 'archived' THEN archived_status ELSE status END,
                   status          = 'archived'
             WHERE task_id = ?
            """;

    private static final String DROP_RESTORED = "DELETE FROM archives WHERE task_id = ? AND state = 'restored'";

    private static final String ACTIVATE_ARCHIVE = """
            UPDATE archives
               SET state = 'archived'
             WHERE task_id = ?
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
     * Deletes the rows of a task.
     *
     * @param timeout the timeout of each statement
     * @return false, without changing anything, if a step arrived, the task is kept, or a lock timed out
     */
    public boolean deleteTask(UUID taskId, Duration retention, Duration timeout) {
        return database.tryInTransaction(lockTimeout, timeout, session -> {
                    TaskLocks.lock(session);
                    session.sql(LOCK, taskId).hasRows();
                    if (!session.sql(MAY_DELETE, retention.toSeconds(), taskId, taskId, taskId)
                            .hasRows()) {
                        return Optional.empty();
                    }
                    session.sql(QUEUE_OBJECTS, taskId, taskId).update();
                    session.sql(DELETE_ROWS, taskId, taskId).update();
                    session.sql(MARK_ARCHIVED, taskId).update();
                    session.sql(DROP_RESTORED, taskId).update();
                    session.sql(ACTIVATE_ARCHIVE, taskId).update();
                    return Optional.of(taskId);
                })
                .isPresent();
    }
}
