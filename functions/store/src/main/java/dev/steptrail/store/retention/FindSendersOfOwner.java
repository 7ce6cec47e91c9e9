package dev.steptrail.store.retention;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Which senders are registered for this owner? */
final class FindSendersOfOwner {
    private static final String SQL = """
            SELECT sender_id
              FROM agents
             WHERE owner = ?
            """;

    private FindSendersOfOwner() {}

    static List<String> in(Connection connection, String owner) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setString(1, owner);
            List<String> senders = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    senders.add(rows.getString("sender_id"));
                }
            }
            return senders;
        }
    }
}
