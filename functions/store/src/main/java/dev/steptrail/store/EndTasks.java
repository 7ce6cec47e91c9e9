package dev.steptrail.store;

import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.TaskEnded;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;

/**
 * Ends tasks. The first word of the agent itself is final. That a task was given up yields to any other word, and does not
 * count at all where a step was taken after it.
 */
final class EndTasks {
    private static final String SQL = """
            UPDATE tasks AS t
               SET status           = e.status,
                   ending           = e.ending,
                   message          = e.message,
                   ended_at         = e.ended_at,
                   received_at      = now(),
                   last_step_number = coalesce(e.last_step_number, t.last_step_number),
                   ended_fields     = e.ended_fields
              FROM unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::integer[], ?::json[])
                   AS e (task_id, status, ending, message, ended_at, last_step_number, ended_fields)
             WHERE t.task_id = e.task_id
               AND (   t.status IN ('running', 'abandoned') AND e.status <> 'abandoned'
                    OR t.status = 'running' AND (t.last_step_at IS NULL OR t.last_step_at <= e.ended_at))
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
