package dev.steptrail.store.admin;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.AuditEntry;
import java.sql.PreparedStatement;
import java.util.Map;
import java.util.UUID;

/** Takes a link to a task back: from then on it opens nothing. */
public final class RevokeShare {
    private static final String SQL = """
            UPDATE share_links
               SET revoked_at = now()
             WHERE id = ?
               AND task_id = ?
               AND revoked_at IS NULL
            """;

    private final Database database;

    public RevokeShare(Database database) {
        this.database = database;
    }

    /**
     * Revokes it, and writes down who did.
     *
     * @return false if the task has no such link, or it was taken back before
     */
    public boolean of(UUID taskId, long id, String caller) {
        return database.inTransaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SQL)) {
                statement.setLong(1, id);
                statement.setObject(2, taskId);
                if (statement.executeUpdate() == 0) {
                    return false;
                }
            }
            InsertAudit.in(connection, new AuditEntry(caller, "revoke_share", taskId, Map.of("share_id", id)));
            return true;
        });
    }
}
