package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.UUID;

/**
 * Keeps the finding {@code screenshot_gone} of a task: that of these steps a screenshot or thumbnail is not in the bucket any more. A task
 * has one such finding, or none.
 */
public final class ReportGoneScreenshots {
    /** What the archive or the owner took away meanwhile is not missed. */
    private static final String LOCK = """
            SELECT
              FROM tasks
             WHERE task_id = ?
               AND status <> 'deleted'
               AND (   status <> 'archived'
                    OR EXISTS (SELECT
                                 FROM task_steps AS s
                                WHERE s.task_id = tasks.task_id))
               FOR UPDATE
            """;

    private static final String REMOVE = """
            DELETE FROM findings
             WHERE task_id = ?
               AND kind = 'screenshot_gone'
            """;

    private static final String SET = """
            INSERT INTO findings AS f (task_id, kind, steps)
            VALUES (?, 'screenshot_gone', ?)
            ON CONFLICT (task_id, kind) DO UPDATE
                SET steps    = excluded.steps,
                    found_at = excluded.found_at
              WHERE f.steps <> excluded.steps
            """;

    private final Database database;

    public ReportGoneScreenshots(Database database) {
        this.database = database;
    }

    /** What this look at a task changed. */
    public enum Change {
        /** Nothing: all is there, or the same is gone as before. */
        NONE,
        /** Something is gone that was not before, or something of it came back. */
        REPORTED,
        /** All came back. */
        REPAIRED
    }

    /**
     * Reports it.
     *
     * @param steps in ascending order; none, if all is there
     */
    public Change of(UUID taskId, Collection<Integer> steps) {
        return database.inTransaction(connection -> {
            if (!isToReport(connection, taskId)) {
                return Change.NONE;
            }
            return steps.isEmpty() ? remove(connection, taskId) : set(connection, taskId, steps);
        });
    }

    private static boolean isToReport(Connection connection, UUID taskId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
            statement.setObject(1, taskId);
            try (var rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static Change remove(Connection connection, UUID taskId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(REMOVE)) {
            statement.setObject(1, taskId);
            return statement.executeUpdate() > 0 ? Change.REPAIRED : Change.NONE;
        }
    }

    private static Change set(Connection connection, UUID taskId, Collection<Integer> steps) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SET)) {
            statement.setObject(1, taskId);
            statement.setArray(2, connection.createArrayOf("integer", steps.toArray()));
            return statement.executeUpdate() > 0 ? Change.REPORTED : Change.NONE;
        }
    }
}
