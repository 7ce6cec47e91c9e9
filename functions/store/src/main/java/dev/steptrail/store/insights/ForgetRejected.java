package dev.steptrail.store.insights;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Deletes what was rejected of deleted tasks. Deletion takes it away itself, and a batch writes none of a task that it finds
 * deleted: this is for what neither knew, such as rows of an earlier release.
 */
final class ForgetRejected {
    private static final String SQL = """
            DELETE FROM rejected_messages
             WHERE task_id IN (SELECT task_id
                                 FROM tasks
                                WHERE task_id = ANY (?)
                                  AND deleted_at IS NOT NULL)
            """;

    private ForgetRejected() {}

    /** @param tasks of which some may be deleted */
    static void in(Connection connection, Array tasks) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setArray(1, tasks);
            statement.executeUpdate();
        }
    }
}
