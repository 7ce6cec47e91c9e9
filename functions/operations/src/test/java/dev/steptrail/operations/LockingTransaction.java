package dev.steptrail.operations;

import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.roles.FunctionLogin;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** An open transaction that holds the locks of its statement. */
final class LockingTransaction implements AutoCloseable {
    private final Connection connection;

    private LockingTransaction(Connection connection) {
        this.connection = connection;
    }

    static LockingTransaction of(TestDatabase database, String sql) throws SQLException {
        Map<String, String> settings = database.settings(FunctionLogin.OPERATIONS);
        Connection connection = DriverManager.getConnection(
                settings.get("STEPTRAIL_DATABASE_URL"),
                settings.get("STEPTRAIL_DATABASE_USER"),
                settings.get("STEPTRAIL_DATABASE_PASSWORD"));
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
        return new LockingTransaction(connection);
    }

    void commit() throws SQLException {
        connection.commit();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
