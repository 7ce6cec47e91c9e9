package dev.steptrail.localcloud.queues;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Releases messages that were in flight when the local cloud was killed. ElasticMQ stores their visibility timeouts, minutes in the future,
 * although the consumers that received them are gone.
 */
final class InFlightMessages {
    private static final String TABLES = """
            SELECT table_name
              FROM information_schema.tables
             WHERE table_schema = 'PUBLIC'
               AND table_name LIKE 'MESSAGE\\_%' ESCAPE '\\'
            """;

    private InFlightMessages() {}

    /** Makes all messages of the store visible. Must be called before ElasticMQ opens the store. */
    static void release(String url) throws IOException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String table : tables(statement)) {
                statement.executeUpdate("UPDATE " + statement.enquoteIdentifier(table, true)
                        + " SET next_delivery = created WHERE next_delivery > created");
            }
        } catch (SQLException e) {
            throw new IOException("the queues' messages cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<String> tables(Statement statement) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(TABLES)) {
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
        }
        return tables;
    }
}
