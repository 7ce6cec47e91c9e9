package dev.steptrail.store.ingest;

import dev.steptrail.store.jdbc.Columns;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;

/**
 * A step taken after its task was given up shows that the agent lives: it runs again, or will once it is restored, if it is
 * archived. The tasks are locked already.
 */
final class ReviveTasks {
    private static final String SQL = """
            UPDATE tasks AS t
               SET status          = CASE WHEN t.archived_status IS NULL     THEN 'running' ELSE t.status END,
                   archived_status = CASE WHEN t.archived_status IS NOT NULL THEN 'running' END,
                   ending          = NULL,
                   message         = NULL,
                   ended_at        = NULL
              FROM unnest(?::uuid[], ?::timestamptz[]) AS c (task_id, last_step_at)
             WHERE t.task_id = c.task_id
               AND coalesce(t.archived_status, t.status) = 'abandoned'
               AND t.ended_at < c.last_step_at
            """;

    private ReviveTasks() {}

    static void in(Connection connection, Collection<TaskChange> changes) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            Columns<TaskChange> columns = new Columns<>(statement, changes);
            columns.set("uuid", TaskChange::taskId);
            columns.set("timestamptz", TaskChange::lastStepAt);
            statement.executeUpdate();
        }
    }
}
