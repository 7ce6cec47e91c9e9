package dev.steptrail.bench.bare;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** A prepared statement, its parameters bound; of what it finds, every column of every row is fetched. It ends with the connection. */
final class BareStatement {
    private final PreparedStatement statement;

    BareStatement(Connection connection, String sql, Object... parameters) throws SQLException {
        statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
    }

    /** How many values it fetched that are not null; of a statement that writes, how many rows it wrote. */
    int execute() throws SQLException {
        if (!statement.execute()) {
            return statement.getUpdateCount();
        }
        int values = 0;
        try (ResultSet rows = statement.getResultSet()) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                for (int column = 1; column <= columns; column++) {
                    values += rows.getString(column) == null ? 0 : 1;
                }
            }
        }
        return values;
    }
}
