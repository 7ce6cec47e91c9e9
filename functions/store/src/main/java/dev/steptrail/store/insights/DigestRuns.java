package dev.steptrail.store.insights;

import dev.steptrail.insights.ErrorText;
import dev.steptrail.insights.RunDigest.LastScreen;
import dev.steptrail.insights.TaskText;
import dev.steptrail.store.statistics.ChangedTask;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.UUID;

/**
 * Makes digests of tasks that changed, and marks their texts as stale. The digest of an archived task stays as it is, since its steps have no rows; that
 * of a deleted task was deleted with it.
 */
final class DigestRuns {
    private static final String TASK = """
            SELECT owner,
                   description,
                   name,
                   status = 'archived' AS is_archived,
                   status = 'deleted'  AS is_deleted
              FROM tasks
             WHERE task_id = ?
            """;

    /** The empty text stands for all texts of an owner. The update locks existing rows until the digests are visible; the order prevents deadlocks. */
    private static final String MARK = """
            INSERT INTO stale_texts (owner, task_text)
            SELECT DISTINCT owner,
                            text
              FROM run_digests
             CROSS JOIN LATERAL unnest(ARRAY['', task_text]) AS stale (text)
             WHERE task_id = ANY (?)
             ORDER BY owner, text
            ON CONFLICT (owner, task_text) DO UPDATE
                SET owner = excluded.owner
            """;

    /** Of a run whose text, or owner, is another now, both are stale. */
    private static final String WRITE = """
            INSERT INTO run_digests (task_id, owner, task_text, error, path, last_screen, last_screen_step)
            VALUES (?, ?, ?, ?, ?::json, ?, ?)
            ON CONFLICT (task_id) DO UPDATE
                SET owner            = excluded.owner,
                    task_text        = excluded.task_text,
                    error            = excluded.error,
                    path             = excluded.path,
                    last_screen      = excluded.last_screen,
                    last_screen_step = excluded.last_screen_step
            """;

    /** Deletion takes it along, but one that was being made then came after. */
    private static final String FORGET = "DELETE FROM run_digests WHERE task_id = ?";

    private DigestRuns() {}

    /** Marks the texts that they had and those that they have. */
    static void in(Connection connection, List<ChangedTask> changed, Array tasks) throws SQLException {
        mark(connection, tasks);
        for (ChangedTask task : changed) {
            digest(connection, task.taskId());
        }
        mark(connection, tasks);
    }

    private static void mark(Connection connection, Array tasks) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MARK)) {
            statement.setArray(1, tasks);
            statement.executeUpdate();
        }
    }

    private static void digest(Connection connection, UUID taskId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TASK)) {
            statement.setObject(1, taskId);
            try (ResultSet task = statement.executeQuery()) {
                if (task.next()) {
                    digest(connection, taskId, task);
                }
            }
        }
    }

    private static void digest(Connection connection, UUID taskId, ResultSet task) throws SQLException {
        if (task.getBoolean("is_archived")) {
            return;
        }
        if (task.getBoolean("is_deleted")) {
            forget(connection, taskId);
            return;
        }
        ReadMoves.Moves read = ReadMoves.in(connection, taskId);
        LastScreen screen = FindLastScreen.in(connection, taskId);
        try (PreparedStatement statement = connection.prepareStatement(WRITE)) {
            statement.setObject(1, taskId);
            statement.setString(2, task.getString("owner"));
            statement.setString(3, TaskText.of(task.getString("description"), task.getString("name")));
            statement.setString(4, read.lastError() == null ? null : ErrorText.alike(read.lastError()));
            statement.setString(5, MovesJson.of(read.moves()));
            statement.setObject(6, screen == null ? null : screen.hash(), Types.BIGINT);
            statement.setObject(7, screen == null ? null : screen.stepNumber(), Types.INTEGER);
            statement.executeUpdate();
        }
    }

    private static void forget(Connection connection, UUID taskId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FORGET)) {
            statement.setObject(1, taskId);
            statement.executeUpdate();
        }
    }
}
