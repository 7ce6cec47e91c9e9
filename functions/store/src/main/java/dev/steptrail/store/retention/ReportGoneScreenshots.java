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
               AND steps <> ?
            """;

    private static final String ADD = """
            INSERT INTO findings (task_id, kind, steps)
            SELECT n.task_id, n.kind, n.steps
              FROM (VALUES (?, 'screenshot_gone', ?)) AS n (task_id, kind, steps)
             WHERE cardinality(n.steps) > 0
               AND NOT EXISTS (SELECT
                                 FROM findings AS f
                                WHERE f.task_id = n.task_id
                                  AND f.kind = n.kind)
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
            boolean removed = execute(connection, REMOVE, taskId, steps);
            boolean added = execute(connection, ADD, taskId, steps);
            return added ? Change.REPORTED : removed ? Change.REPAIRED : Change.NONE;
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

    private static boolean execute(Connection connection, String sql, UUID taskId, Collection<Integer> steps)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, taskId);
            statement.setArray(2, connection.createArrayOf("integer", steps.toArray()));
            return statement.executeUpdate() > 0;
        }
    }
}
