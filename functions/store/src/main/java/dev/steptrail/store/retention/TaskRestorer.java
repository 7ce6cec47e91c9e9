package dev.steptrail.store.retention;

import dev.steptrail.store.admin.JobCompletion;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.model.ArchiveBacklog;
import dev.steptrail.store.model.StepOutcome;
import dev.steptrail.store.model.StoredScreenshot;
import dev.steptrail.store.model.StoredStep;
import dev.steptrail.store.model.TaskLocks;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.postgresql.PGConnection;

/**
 * Restores the rows of an archived task from the lines that {@link TaskRowReader} wrote, and the task's previous
 * status, in one transaction. Steps that exist and are equal are skipped. The row of the task itself is never deleted,
 * so its archived copy is ignored.
 */
public final class TaskRestorer {
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

    /** Drops a part whose rows were not deleted yet, because it does not contain the rows that are restored. */
    private static final String DROP_STORED = """
            DELETE FROM archives
             WHERE task_id = ?
               AND state = 'stored'
            """;

    private static final String CREATE_TABLE = "CREATE TEMPORARY TABLE archived_lines (line json) ON COMMIT DROP";

    /** JSON text cannot contain these two control characters. */
    private static final String COPY =
            "COPY archived_lines FROM STDIN WITH (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02')";

    /**
     * Finds a step that differs between the archive and the database. The rows are compared as text, because
     * {@code json} has no equality operator. OFFSET 0 makes the planner look up one row per line in the index, instead
     * of reading all lines per row.
     */
    private static final String FIND_DIFFERING = """
            SELECT archived.step_number
              FROM archived_lines
             CROSS JOIN json_populate_record(NULL::task_steps, line -> 'step') AS archived
             CROSS JOIN LATERAL (SELECT t
                                   FROM task_steps AS t
                                  WHERE t.task_id = ?
                                    AND t.step_number = archived.step_number
                                 OFFSET 0) AS stored (step)
             WHERE json_populate_record(stored.step, line -> 'step')::text <> stored.step::text
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
                                    AND t.screenshot_index = archived.screenshot_index
                                 OFFSET 0) AS stored (screenshot) ON true
             WHERE json_populate_record(stored.screenshot, line -> 'screenshot')::text
                       IS DISTINCT FROM stored.screenshot::text
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
            """.formatted(StoredStep.ROW.columns(), StoredScreenshot.COLUMNS);

    private static final String CLEAR_TABLE = "TRUNCATE archived_lines";

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
            """.formatted(StepOutcome.SUCCEEDED);

    private static final String SET_PREVIOUS_STATUS = """
            UPDATE tasks AS t
               SET status          = archived_status,
                   archived_status = NULL,
                   restored_at     = now()
             WHERE task_id = ?
            RETURNING status,
                      total_steps AS steps,
                      (SELECT count(*) FROM step_screenshots AS s WHERE s.task_id = t.task_id) AS screenshots
            """;

    private final Database database;

    public TaskRestorer(Database database) {
        this.database = database;
    }

    /** Opens a stream of the lines of a part, with line ends. Called once per attempt; the caller closes it. */
    public interface LineSource {
        InputStream open() throws IOException;
    }

    /** Thrown if an archived step differs from the stored step with the same number. Nothing was changed. */
    public static final class StepDiffersException extends RuntimeException {
        private StepDiffersException(int part, int stepNumber) {
            super("step %d of part %d differs from the stored step".formatted(stepNumber, part), null, false, false);
        }
    }

    public record Restored(String status, int steps, int screenshots) {}

    /**
     * Restores a task.
     *
     * @param parts the numbers of all parts of the task
     * @param lines the lines of each part, in the same order
     * @param completion ends the job that restores the task
     * @param timeout the timeout of each statement
     * @return empty, without changing anything, if the task is not archived in exactly these parts
     * @throws StepDiffersException if a step differs from the row in the database; nothing was changed
     */
    public Optional<Restored> restore(
            UUID taskId, List<Integer> parts, List<LineSource> lines, JobCompletion completion, Duration timeout) {
        return database.inTransaction(timeout, session -> {
            if (!claim(session, taskId, parts)) {
                session.rollback();
                return Optional.empty();
            }
            session.sql(CREATE_TABLE).update();
            for (int i = 0; i < lines.size(); i++) {
                int part = parts.get(i);
                copy(session, lines.get(i));
                Optional<Integer> differing =
                        session.sql(FIND_DIFFERING, taskId, taskId, taskId).first(row -> row.getInt("step_number"));
                if (differing.isPresent()) {
                    throw new StepDiffersException(part, differing.get());
                }
                session.sql(INSERT, taskId, taskId).update();
                session.sql(CLEAR_TABLE).update();
            }
            session.sql(RECOUNT, taskId, taskId).update();
            Restored restored = session.sql(SET_PREVIOUS_STATUS, taskId).single(RecordMapper.of(Restored.class));
            ArchiveBacklog.update(session, List.of(taskId));
            completion.write(session, result(taskId, parts.size(), restored));
            return Optional.of(restored);
        });
    }

    private static Map<String, Object> result(UUID taskId, int parts, Restored restored) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("task_id", taskId.toString());
        result.put("status", restored.status());
        result.put("parts", parts);
        result.put("steps", restored.steps());
        result.put("screenshots", restored.screenshots());
        return result;
    }

    private static boolean claim(Session session, UUID taskId, List<Integer> parts) throws SQLException {
        TaskLocks.lock(session);
        if (!session.sql(LOCK, taskId).hasRows()) {
            return false;
        }
        session.sql(DROP_STORED, taskId).update();
        Set<Integer> claimed = new HashSet<>(session.sql(CLAIM, taskId).list(row -> row.getInt("part")));
        return claimed.equals(Set.copyOf(parts));
    }

    private static void copy(Session session, LineSource part) throws SQLException {
        try (InputStream lines = part.open()) {
            session.connection().unwrap(PGConnection.class).getCopyAPI().copyIn(COPY, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
