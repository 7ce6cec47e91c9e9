package dev.steptrail.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Which of these tasks are there, and whose are they? */
final class FindKnownTasks {
    private static final String SQL = """
            SELECT task_id,
                   owner,
                   announced,
                   deleted_at IS NOT NULL AS deleted
              FROM tasks
             WHERE task_id = ANY (?)
            """;

    private FindKnownTasks() {}

    static Map<UUID, KnownTask> in(Connection connection, Collection<UUID> taskIds) throws SQLException {
        Map<UUID, KnownTask> known = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setArray(1, connection.createArrayOf("uuid", taskIds.toArray()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    known.put(
                            rows.getObject("task_id", UUID.class),
                            new KnownTask(
                                    rows.getString("owner"), rows.getBoolean("announced"), rows.getBoolean("deleted")));
                }
            }
        }
        return known;
    }
}
