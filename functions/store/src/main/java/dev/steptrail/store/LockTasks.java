package dev.steptrail.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Locks tasks that are there and of which there is nothing new but steps, as {@link UpsertTasks} locks them and in the same
 * order, without writing them: their counters are yet to be written, and once is enough.
 */
final class LockTasks {
    /** A row's lock alone would not keep out who makes a month, which locks the table against those who write to it. */
    private static final String SQL = """
            LOCK TABLE tasks IN ROW EXCLUSIVE MODE;
            SELECT task_id,
                   owner,
                   status = 'archived' AS is_archived
              FROM tasks
             WHERE task_id = ANY (?)
               AND deleted_at IS NULL
             ORDER BY task_id
               FOR NO KEY UPDATE
            """;

    private LockTasks() {}

    /** Each task that is now locked. One of another owner, deleted, or not there, is left out. */
    static Map<UUID, TaskBefore> in(Connection connection, Collection<TaskArrivals> tasks) throws SQLException {
        Map<UUID, String> owners = new HashMap<>();
        tasks.forEach(task -> owners.put(task.taskId(), task.owner()));
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setArray(
                    1, connection.createArrayOf("uuid", owners.keySet().toArray()));
            statement.execute();
            statement.getMoreResults();
            Map<UUID, TaskBefore> locked = new HashMap<>();
            try (ResultSet rows = statement.getResultSet()) {
                while (rows.next()) {
                    UUID taskId = rows.getObject("task_id", UUID.class);
                    if (rows.getString("owner").equals(owners.get(taskId))) {
                        locked.put(taskId, rows.getBoolean("is_archived") ? TaskBefore.ARCHIVED : TaskBefore.KNOWN);
                    }
                }
            }
            return locked;
        }
    }
}
