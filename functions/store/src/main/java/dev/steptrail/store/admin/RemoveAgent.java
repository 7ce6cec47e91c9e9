package dev.steptrail.store.admin;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.AuditEntry;
import java.sql.PreparedStatement;

/** Lets a sender write no more. What it wrote stays, and so do its objects; steps that show them come in no more. */
public final class RemoveAgent {
    private static final String SQL = """
            DELETE FROM agents
             WHERE sender_id = ?
            """;

    private final Database database;

    public RemoveAgent(Database database) {
        this.database = database;
    }

    /**
     * Once this returns, messages of this sender are rejected.
     *
     * @param entry written down if it was registered
     * @return whether it was
     */
    public boolean remove(String senderId, AuditEntry entry) {
        return database.inTransaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SQL)) {
                statement.setString(1, senderId);
                if (statement.executeUpdate() == 0) {
                    return false;
                }
                InsertAudit.in(connection, entry);
                return true;
            }
        });
    }
}
