package dev.steptrail.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;

/** Writes down who did what with whose task, in the transaction that does it. */
final class AddAudit {
    private static final String SQL = """
            INSERT INTO audit_log (caller, action, task_id, task_owner)
            VALUES (?, ?, ?, ?)
            """;

    private AddAudit() {}

    static void in(Connection connection, String caller, String action, UUID taskId, String taskOwner)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setString(1, caller);
            statement.setString(2, action);
            statement.setObject(3, taskId);
            statement.setString(4, taskOwner);
            statement.executeUpdate();
        }
    }
}
