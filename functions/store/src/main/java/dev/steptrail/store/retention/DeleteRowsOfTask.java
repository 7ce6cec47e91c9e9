package dev.steptrail.store.retention;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Deletes the rows of a task in all tables but those of tasks, which the caller has locked, and of archives, and tells under which senders lie
 * the objects that they named.
 */
final class DeleteRowsOfTask {
    private static final String SCREENSHOTS = """
            WITH gone AS (
                DELETE FROM step_screenshots
                 WHERE task_id = ?
                RETURNING screenshot_path, thumbnail_path
            )
            SELECT DISTINCT split_part(key, '/', 2)
              FROM gone
             CROSS JOIN LATERAL (VALUES (screenshot_path), (thumbnail_path)) AS named (key)
             WHERE key IS NOT NULL
            """;

    private static final String STEPS = """
            WITH gone AS (
                DELETE FROM task_steps
                 WHERE task_id = ?
                RETURNING step_data ->> 'payload_path' AS key
            )
            SELECT DISTINCT split_part(key, '/', 2)
              FROM gone
             WHERE key IS NOT NULL
            """;

    private static final String REJECTED = """
            WITH gone AS (
                DELETE FROM rejected_messages
                 WHERE task_id = ?
                RETURNING sender_id
            )
            SELECT DISTINCT sender_id
              FROM gone
            """;

    /**
     * These name no objects of a sender's. The marks come before the insights, as where these are made: so two cannot deadlock, and those that are being made are
     * seen. Of a text that the task had all are gone until they are made anew: most tell of all of its runs, whichever they name.
     */
    private static final List<String> OTHERS = List.of(
            "DELETE FROM findings WHERE task_id = ?",
            "DELETE FROM share_links WHERE task_id = ?",
            """
            INSERT INTO stale_texts (owner, task_text)
            SELECT DISTINCT owner,
                            text
              FROM run_digests
             CROSS JOIN LATERAL unnest(ARRAY['', task_text]) AS stale (text)
             WHERE task_id = ?
             ORDER BY owner, text
            ON CONFLICT (owner, task_text) DO UPDATE
                SET owner = excluded.owner
            """,
            """
            DELETE FROM insights AS i
             USING run_digests AS d
             WHERE d.task_id = ?
               AND i.owner = d.owner
               AND i.task_text IN ('', d.task_text)
            """,
            "DELETE FROM run_digests WHERE task_id = ?");

    private DeleteRowsOfTask() {}

    static Set<String> in(Connection connection, UUID taskId) throws SQLException {
        Set<String> senders = new HashSet<>();
        for (String sql : List.of(SCREENSHOTS, STEPS, REJECTED)) {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setObject(1, taskId);
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        senders.add(rows.getString(1));
                    }
                }
            }
        }
        for (String sql : OTHERS) {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setObject(1, taskId);
                statement.executeUpdate();
            }
        }
        return senders;
    }
}
