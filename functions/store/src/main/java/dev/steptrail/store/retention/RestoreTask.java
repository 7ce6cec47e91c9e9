package dev.steptrail.store.retention;

import dev.steptrail.store.admin.InsertAudit;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.TimeLimits;
import dev.steptrail.store.model.ArchiveQueue;
import dev.steptrail.store.model.AuditEntry;
import dev.steptrail.store.model.StepColumns;
import dev.steptrail.store.model.StepOutcome;
import dev.steptrail.store.model.TasksTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.postgresql.PGConnection;

/**
 * Brings the rows of an archived task back, from the lines that {@link ReadTaskRows} gave, and gives the task the status that it had.
 * All of it is done, or nothing. A step that is there already and equal, as of a late one that an earlier release took, stays as it
 * is. The task's own row never went, so nothing of it is read.
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
               AND state = 'archived'
            RETURNING part
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

    /**
     * Steps that the archive tells otherwise than the row that is there: the row, with all that the archive says of it, is
     * another. Compared as text, since JSON is kept to the character and has no equality of its own. OFFSET 0 keeps the planner to
     * one look into an index for each line, and from reading all lines for each row.
     */
    private static final String DIFFERING = """
            SELECT archived.step_number
              FROM archived_lines
             CROSS JOIN json_populate_record(NULL::task_steps, line -> 'step') AS archived
             CROSS JOIN LATERAL (SELECT t
                                   FROM task_steps AS t
                                  WHERE t.task_id = ?
                                    AND t.step_number = archived.step_number
                                 OFFSET 0) AS there (step)
             WHERE json_populate_record(there.step, line -> 'step')::text <> there.step::text
             UNION
            SELECT archived.step_number
              FROM archived_lines
             CROSS JOIN json_populate_record(NULL::step_screenshots, line -> 'screenshot') AS archived
             CROSS JOIN LATERAL (SELECT
                                   FROM task_steps AS t
                                  WHERE t.task_id = ?
                                    AND t.step_number = archived.step_number
                                 OFFSET 0) AS step
              LEFT JOIN LATERAL (SELECT t
                                   FROM step_screenshots AS t
                                  WHERE t.task_id = ?
                                    AND t.step_number = archived.step_number
                                    AND t.ordinal = archived.ordinal
                                 OFFSET 0) AS there (screenshot) ON true
             WHERE json_populate_record(there.screenshot, line -> 'screenshot')::text
                       IS DISTINCT FROM there.screenshot::text
             ORDER BY step_number
             LIMIT 1
            """;

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

    /** What came again after it was archived was counted again by an earlier release. */
    private static final String RECOUNT = """
            UPDATE tasks AS t
               SET total_steps       = c.total_steps,
                   successful_steps  = c.successful_steps,
                   failed_steps      = c.failed_steps,
                   total_duration_ms = c.total_duration_ms
              FROM (SELECT count(*)                      AS total_steps,
                           count(*) FILTER (WHERE %1$s)     AS successful_steps,
                           count(*) FILTER (WHERE NOT %1$s) AS failed_steps,
                           coalesce(sum(duration_ms), 0) AS total_duration_ms
                      FROM task_steps
                     WHERE task_id = ?) AS c
             WHERE t.task_id = ?
               AND t.total_steps <> c.total_steps
            """.formatted(StepOutcome.WENT_WELL);

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

    /** A step of a part and the row that is there say different things. Neither is worth less, so nothing was changed. */
    public static final class StepDiffersException extends RuntimeException {
        private final int part;
        private final int stepNumber;

        private StepDiffersException(int part, int stepNumber) {
            super("step " + stepNumber + " of part " + part + " is there already, and differs", null, false, false);
            this.part = part;
            this.stepNumber = stepNumber;
        }

        public int part() {
            return part;
        }

        public int stepNumber() {
            return stepNumber;
        }
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
     * @throws StepDiffersException if that would lose what one of the parts tells
     */
    public Optional<Restored> of(
            UUID taskId, List<Integer> parts, List<Lines> lines, AuditEntry entry, Duration limit) {
        return database.inTransaction(connection -> {
            TimeLimits.set(connection, limit);
            if (!claim(connection, taskId, parts)) {
                connection.rollback();
                return Optional.empty();
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute(TABLE);
                for (int i = 0; i < lines.size(); i++) {
                    copy(connection, lines.get(i));
                    refuseDiffering(connection, taskId, parts.get(i));
                    insert(connection, taskId);
                    statement.execute(EMPTY);
                }
            }
            InsertAudit.in(connection, entry);
            return Optional.of(revive(connection, taskId));
        });
    }

    private static boolean claim(Connection connection, UUID taskId, List<Integer> parts) throws SQLException {
        TasksTable.lock(connection);
        try (PreparedStatement lock = connection.prepareStatement(LOCK);
                PreparedStatement claim = connection.prepareStatement(CLAIM);
                PreparedStatement forget = connection.prepareStatement(FORGET_STORED)) {
            lock.setObject(1, taskId);
            try (ResultSet row = lock.executeQuery()) {
                if (!row.next()) {
                    return false;
                }
            }
            forget.setObject(1, taskId);
            forget.executeUpdate();
            claim.setObject(1, taskId);
            Set<Integer> claimed = new HashSet<>();
            try (ResultSet rows = claim.executeQuery()) {
                while (rows.next()) {
                    claimed.add(rows.getInt("part"));
                }
            }
            return claimed.equals(Set.copyOf(parts));
        }
    }

    private static void copy(Connection connection, Lines part) throws SQLException {
        try (InputStream lines = part.open()) {
            connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void refuseDiffering(Connection connection, UUID taskId, int part) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DIFFERING)) {
            statement.setObject(1, taskId);
            statement.setObject(2, taskId);
            statement.setObject(3, taskId);
            try (ResultSet row = statement.executeQuery()) {
                if (row.next()) {
                    throw new StepDiffersException(part, row.getInt("step_number"));
                }
            }
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
                ArchiveQueue.update(connection, taskId);
                return new Restored(row.getString("status"), row.getInt("total_steps"), row.getInt("screenshots"));
            }
        }
    }
}
