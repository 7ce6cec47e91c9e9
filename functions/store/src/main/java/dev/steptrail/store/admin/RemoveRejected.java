package dev.steptrail.store.admin;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.AuditEntry;
import java.sql.PreparedStatement;

/** Forgets a rejected message: somebody does not want it, or what it holds is kept now. */
public final class RemoveRejected {
    private static final String SQL = """
            DELETE FROM rejected_messages
             WHERE id = ?
            """;

    private final Database database;

    public RemoveRejected(Database database) {
        this.database = database;
    }

    /**
     * Removes it for good.
     *
     * @param entry written down if it was there
     * @return whether it was; of two who remove it at once, one is told so
     */
    public boolean remove(long id, AuditEntry entry) {
        return database.inTransaction(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SQL)) {
                statement.setLong(1, id);
                if (statement.executeUpdate() == 0) {
                    return false;
                }
                InsertAudit.in(connection, entry);
                return true;
            }
        });
    }
}
