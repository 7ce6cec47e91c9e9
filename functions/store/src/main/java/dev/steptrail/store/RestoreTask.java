package dev.steptrail.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.postgresql.PGConnection;

/**
 * Brings the rows of an archived task back, from the lines that {@link ReadTaskRows} gave, and gives the task the status that it had.
 * All of it is done, or nothing. A step that is there again, since it came again after it was archived, stays as it is. The task's
 * own row never went, so nothing of it is read.
 */
public final class RestoreTask {
    private static final String LOCK = """
            SELECT
              FROM tasks
             WHERE task_id = ?
               AND status = 'archived'
               FOR UPDATE
            """;

    private static final String CLAIM = """
            UPDATE archives
               SET state = 'restored'
             WHERE task_id = ?
               AND part = ANY (?)
               AND state = 'archived'
            """;

    /** One that was made since, of late steps, would no longer hold all rows that are here. */
    private static final String FORGET_STORED = """
            DELETE FROM archives
             WHERE task_id = ?
               AND state = 'stored'
            """;

    private static final String TABLE = "CREATE TEMPORARY TABLE archived_lines (line json) ON COMMIT DROP";

    /** JSON never holds the two characters that would be read otherwise. */
    private static final String COPY =
            "COPY archived_lines FROM STDIN WITH (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02')";

    private static final String INSERT = """
            WITH new AS (
                INSERT INTO task_steps (%1$s)
                SELECT %1$s
                  FROM archived_lines
                 CROSS JOIN json_populate_record(NULL::task_steps, line -> 'step') AS step
                 WHERE task_id = ?
                ON CONFLICT (task_id, step_number) DO NOTHING
                RETURNING step_number
            )
            INSERT INTO step_screenshots (%2$s)
            SELECT %2$s
              FROM archived_lines
             CROSS JOIN json_populate_record(NULL::step_screenshots, line -> 'screenshot') AS screenshot
             WHERE task_id = ?
               AND step_number IN (SELECT step_number FROM new)
            """.formatted(StepColumns.OF_STEP, StepColumns.OF_SCREENSHOT);

    private static final String EMPTY = "TRUNCATE archived_lines";

    /** What came again after it was archived was counted again. */
    private static final String RECOUNT = """
            UPDATE tasks AS t
               SET total_steps       = c.total_steps,
                   successful_steps  = c.successful_steps,
                   failed_steps      = c.failed_steps,
                   total_duration_ms = c.total_duration_ms
              FROM (SELECT count(*)                            AS total_steps,
                           count(*) FILTER (WHERE success)     AS successful_steps,
                           count(*) FILTER (WHERE NOT success) AS failed_steps,
                           coalesce(sum(duration_ms), 0)       AS total_duration_ms
                      FROM task_steps
                     WHERE task_id = ?) AS c
             WHERE t.task_id = ?
               AND t.total_steps <> c.total_steps
            """;

    private static final String REVIVE = """
            UPDATE tasks AS t
               SET status          = archived_status,
                   archived_status = NULL,
                   restored_at     = now()
             WHERE task_id = ?
            RETURNING status,
                      total_steps,
                      (SELECT count(*) FROM step_screenshots AS s WHERE s.task_id = t.task_id) AS screenshots
            """;

    private final Database database;

    public RestoreTask(Database database) {
        this.database = database;
    }

    /** Where the lines of a part are, each with its end; opened for each try, and closed. */
    public interface Lines {
        InputStream open() throws IOException;
    }

    /** What is there now. */
    public record Restored(String status, int steps, int screenshots) {}

    /**
     * Restores it.
     *
     * @param parts the numbers of all its parts, and {@code lines} those of each, in the same order
     * @param entry for the audit log
     * @param limit how long a statement may take
     * @return nothing, if it is not archived in just these parts, or no more: then nothing was changed
     */
    public Optional<Restored> of(
            UUID taskId, List<Integer> parts, List<Lines> lines, AuditEntry entry, Duration limit) {
        return database.inTransaction(connection -> {
            StatementLimit.in(connection, limit);
            if (!claim(connection, taskId, parts)) {
                connection.rollback();
                return Optional.empty();
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute(TABLE);
                for (Lines part : lines) {
                    copy(connection, part);
                    insert(connection, taskId);
                    statement.execute(EMPTY);
                }
            }
            InsertAudit.in(connection, entry);
            return Optional.of(revive(connection, taskId));
        });
    }

    private static boolean claim(Connection connection, UUID taskId, List<Integer> parts) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(LOCK);
                PreparedStatement claim = connection.prepareStatement(CLAIM);
                PreparedStatement forget = connection.prepareStatement(FORGET_STORED)) {
            lock.setObject(1, taskId);
            try (ResultSet row = lock.executeQuery()) {
                if (!row.next()) {
                    return false;
                }
            }
            claim.setObject(1, taskId);
            claim.setArray(2, connection.createArrayOf("integer", parts.toArray()));
            forget.setObject(1, taskId);
            forget.executeUpdate();
            return claim.executeUpdate() == parts.size();
        }
    }

    private static void copy(Connection connection, Lines part) throws SQLException {
        try (InputStream lines = part.open()) {
            connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void insert(Connection connection, UUID taskId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            statement.setObject(1, taskId);
            statement.setObject(2, taskId);
            statement.executeUpdate();
        }
    }

    private static Restored revive(Connection connection, UUID taskId) throws SQLException {
        try (PreparedStatement recount = connection.prepareStatement(RECOUNT);
                PreparedStatement revive = connection.prepareStatement(REVIVE)) {
            recount.setObject(1, taskId);
            recount.setObject(2, taskId);
            recount.executeUpdate();
            revive.setObject(1, taskId);
            try (ResultSet row = revive.executeQuery()) {
                row.next();
                return new Restored(row.getString("status"), row.getInt("total_steps"), row.getInt("screenshots"));
            }
        }
    }
}
