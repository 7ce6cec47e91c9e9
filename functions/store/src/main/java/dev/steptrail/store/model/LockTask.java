package dev.steptrail.store.model;

import dev.steptrail.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/**
 * Locks a task until the transaction ends. Later statements of the transaction see what others committed before the lock was
 * granted; the locking statement itself does not.
 */
public final class LockTask {
    private static final String SQL = """
            SELECT %s
              FROM tasks
             WHERE task_id = ?
               AND deleted_at IS NULL
               FOR NO KEY UPDATE
            """.formatted(TaskColumns.ALL);

    private LockTask() {}

    /** Returns the task as it was; empty if there is none or it was deleted. */
    public static Optional<Task> in(Connection connection, UUID taskId) throws SQLException {
        return Sql.of(connection, SQL, taskId).first(TaskColumns::task);
    }
}
