package dev.steptrail.bench.reads;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The peer: a prepared statement, its parameters bound, of which every column of every row is fetched. */
final class BareStatement implements AutoCloseable {
    private final PreparedStatement statement;

    BareStatement(Connection connection, String sql, Object... parameters) throws SQLException {
        statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
    }

    /** How many values it fetched that are not null. */
    int read() throws SQLException {
        int values = 0;
        try (ResultSet rows = statement.executeQuery()) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                for (int column = 1; column <= columns; column++) {
                    values += rows.getString(column) == null ? 0 : 1;
                }
            }
        }
        return values;
    }

    @Override
    public void close() throws SQLException {
        statement.close();
    }
}
