package dev.steptrail.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * Locks tasks until the transaction ends, in the order of their ids, and those who only write steps out: who waited for one of
 * them with steps in hand, while he waits for these steps, would wait for ever.
 */
final class LockTasks {
    private static final String SQL = """
            LOCK TABLE tasks IN ROW EXCLUSIVE MODE;
            SELECT task_id
              FROM tasks
             WHERE task_id = ANY (?)
             ORDER BY task_id
               FOR UPDATE
            """;

    private LockTasks() {}

    /** Those that are there. */
    static Set<UUID> in(Connection connection, Collection<UUID> taskIds) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setArray(1, connection.createArrayOf("uuid", taskIds.toArray()));
            statement.execute();
            statement.getMoreResults();
            Set<UUID> locked = new HashSet<>();
            try (ResultSet rows = statement.getResultSet()) {
                while (rows.next()) {
                    locked.add(rows.getObject("task_id", UUID.class));
                }
            }
            return locked;
        }
    }
}
