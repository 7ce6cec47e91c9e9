package dev.steptrail.store.admin;

import dev.steptrail.store.model.AuditEntry;
import dev.steptrail.store.model.JsonText;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Writes down who did what, in the transaction in which it is done. */
public final class InsertAudit {
    private static final String SQL = """
            INSERT INTO audit_log (caller, action, task_id, task_owner, detail)
            SELECT a.caller, a.action, a.task_id, t.owner, a.detail
              FROM (VALUES (?, ?, ?::uuid, ?::jsonb)) AS a (caller, action, task_id, detail)
              LEFT JOIN tasks AS t ON t.task_id = a.task_id
            """;

    private InsertAudit() {}

    public static void in(Connection connection, AuditEntry entry) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setString(1, entry.caller());
            statement.setString(2, entry.action());
            statement.setObject(3, entry.taskId());
            statement.setString(4, JsonText.of(entry.detail()));
            statement.executeUpdate();
        }
    }
}
