package dev.steptrail.store.ingest;

import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.store.jdbc.Columns;
import dev.steptrail.store.model.Rows;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;

/**
 * Ends tasks. The first word of the agent itself is final. That a task was given up yields to any other word, and does not
 * count at all where a step was taken after it. An archived task stays archived, and ends by the same rules underneath.
 */
final class EndTasks {
    private static final String SQL = """
            UPDATE tasks AS t
               SET status           = CASE WHEN t.archived_status IS NULL     THEN e.status ELSE t.status END,
                   archived_status  = CASE WHEN t.archived_status IS NOT NULL THEN e.status END,
                   ending           = e.ending,
                   message          = e.message,
                   ended_at         = e.ended_at,
                   received_at      = greatest(clock_timestamp(), t.received_at + interval '1 microsecond'),
                   last_step_number = coalesce(e.last_step_number, t.last_step_number),
                   ended_fields     = e.ended_fields
              FROM unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::integer[], ?::json[])
                   AS e (task_id, status, ending, message, ended_at, last_step_number, ended_fields)
             WHERE t.task_id = e.task_id
               AND (       coalesce(t.archived_status, t.status) IN ('running', 'abandoned')
                       AND e.status <> 'abandoned'
                    OR     coalesce(t.archived_status, t.status) = 'running'
                       AND (t.last_step_at IS NULL OR t.last_step_at <= e.ended_at))
            """;

    private EndTasks() {}

    static void in(Connection connection, Collection<TaskEnded> endings) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            Columns<TaskEnded> columns = new Columns<>(statement, endings);
            columns.set("uuid", TaskEnded::taskId);
            columns.set("text", ended -> ended.status().wireName());
            columns.set("text", ended -> endingOf(ended).wireName());
            columns.set("text", TaskEnded::message);
            columns.set("timestamptz", TaskEnded::timestamp);
            columns.set("integer", TaskEnded::lastStepNumber);
            columns.set("json", ended -> Rows.jsonOrNull(ended.unknown()));
            statement.executeUpdate();
        }
    }

    private static Ending endingOf(TaskEnded ended) {
        return ended.ending() == null ? Ending.of(ended.status()) : ended.ending();
    }
}
