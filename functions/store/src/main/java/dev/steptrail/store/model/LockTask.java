package dev.steptrail.store.model;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/**
 * Keeps others from changing this task until the transaction ends. What is then asked by a statement of its own is as it is once
 * the lock is had: the statement that waited for it still sees what was before.
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

    /** The task as it is; empty if there is none, or it was deleted. */
    public static Optional<Task> in(Connection connection, UUID taskId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setObject(1, taskId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(TaskColumns.task(row)) : Optional.empty();
            }
        }
    }
}
