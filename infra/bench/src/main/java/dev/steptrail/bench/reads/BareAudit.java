package dev.steptrail.bench.reads;

import dev.steptrail.bench.database.Postgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;

/** The peer's row of the audit log: a prepared INSERT, committed. */
final class BareAudit implements AutoCloseable {
    private static final String SQL = """
            INSERT INTO audit_log (caller, action, task_id, task_owner)
            VALUES (?, ?, ?, ?)
            """;

    private final PreparedStatement statement;

    BareAudit(Connection connection, UUID task) throws SQLException {
        statement = connection.prepareStatement(SQL);
        statement.setString(1, "reader");
        statement.setString(2, "read");
        statement.setObject(3, task);
        statement.setString(4, Postgres.OWNER);
    }

    /** One row. */
    int insert() throws SQLException {
        return statement.executeUpdate();
    }

    @Override
    public void close() throws SQLException {
        statement.close();
    }
}
