package dev.steptrail.store.admin;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.Agent;
import dev.steptrail.store.model.AuditEntry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Lets a sender write; one that was registered before gets the new owner. */
public final class RegisterAgent {
    private static final String SQL = """
            INSERT INTO agents (sender_id, owner, on_behalf_of)
            VALUES (?, ?, ?)
            ON CONFLICT (sender_id) DO UPDATE
                SET owner        = excluded.owner,
                    on_behalf_of = excluded.on_behalf_of
            """;

    private final Database database;

    public RegisterAgent(Database database) {
        this.database = database;
    }

    /** Once this returns, messages of this sender are kept. */
    public void register(Agent agent) {
        database.inTransaction(connection -> upsert(connection, agent));
    }

    /** The same, written down in the audit log. */
    public void register(Agent agent, AuditEntry entry) {
        database.inTransaction(connection -> {
            InsertAudit.in(connection, entry);
            return upsert(connection, agent);
        });
    }

    private static int upsert(Connection connection, Agent agent) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setString(1, agent.senderId());
            statement.setString(2, agent.owner());
            statement.setArray(
                    3, connection.createArrayOf("text", agent.onBehalfOf().toArray()));
            return statement.executeUpdate();
        }
    }
}
