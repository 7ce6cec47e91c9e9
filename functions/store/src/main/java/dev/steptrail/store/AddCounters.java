package dev.steptrail.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;

/**
 * Adds to the counters of tasks. A step taken after its task was given up shows that the agent lives: it runs again, or will
 * once it is restored, if it is archived.
 */
final class AddCounters {
    private static final String SQL = """
            UPDATE tasks AS t
               SET total_steps       = t.total_steps + c.total_steps,
                   successful_steps  = t.successful_steps + c.successful_steps,
                   failed_steps      = t.failed_steps + c.failed_steps,
                   total_duration_ms = t.total_duration_ms + c.total_duration_ms,
                   last_step_at      = greatest(t.last_step_at, c.last_step_at),
                   conflicts         = t.conflicts + c.conflicts,
                   received_at       = now(),
                   status            = CASE WHEN c.lives AND NOT c.away THEN 'running' ELSE t.status END,
                   archived_status   = CASE WHEN c.lives AND c.away     THEN 'running' ELSE t.archived_status END,
                   ending            = CASE WHEN c.lives                THEN NULL      ELSE t.ending END,
                   message           = CASE WHEN c.lives                THEN NULL      ELSE t.message END,
                   ended_at          = CASE WHEN c.lives                THEN NULL      ELSE t.ended_at END
              FROM (SELECT n.*,
                           known.archived_status IS NOT NULL AS away,
                               coalesce(known.archived_status, known.status) = 'abandoned'
                           AND n.last_step_at > known.ended_at AS lives
                      FROM unnest(?::uuid[], ?::integer[], ?::integer[], ?::integer[], ?::bigint[], ?::timestamptz[],
                                  ?::integer[])
                           AS n (task_id, total_steps, successful_steps, failed_steps, total_duration_ms, last_step_at,
                                 conflicts)
                      JOIN tasks AS known USING (task_id)) AS c
             WHERE t.task_id = c.task_id
            """;

    private AddCounters() {}

    static void in(Connection connection, Collection<TaskChange> changes) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            Columns<TaskChange> columns = new Columns<>(statement, changes);
            columns.set("uuid", TaskChange::taskId);
            columns.set("integer", TaskChange::totalSteps);
            columns.set("integer", TaskChange::successfulSteps);
            columns.set("integer", TaskChange::failedSteps);
            columns.set("bigint", TaskChange::totalDurationMs);
            columns.set("timestamptz", TaskChange::lastStepAt);
            columns.set("integer", TaskChange::conflicts);
            statement.executeUpdate();
        }
    }
}
