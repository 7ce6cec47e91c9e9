package dev.steptrail.store.insights;

import dev.steptrail.insights.ErrorText;
import dev.steptrail.insights.InstructionRules;
import dev.steptrail.insights.InstructionText;
import dev.steptrail.insights.TaskDigest;
import dev.steptrail.insights.TaskDigest.LastScreen;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.model.StepOutcome;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads the digests of tasks, from which insights are computed. The digest of an archived task is kept
 * unchanged, because its steps are not in the database. The digest of a deleted task is deleted.
 */
final class TaskDigests {
    private static final String TASK = """
            SELECT owner,
                   description,
                   name,
                   status = 'archived' AS is_archived,
                   status = 'deleted'  AS is_deleted
              FROM tasks
             WHERE task_id = ?
            """;

    /** The empty instruction represents all tasks of an owner. The order of the rows prevents deadlocks. */
    private static final String MARK_STALE = """
            INSERT INTO stale_instructions (owner, instruction)
            SELECT DISTINCT owner,
                            text
              FROM task_digests
             CROSS JOIN LATERAL unnest(ARRAY['', instruction]) AS stale (text)
             WHERE task_id = ANY (?)
             ORDER BY owner, text
            ON CONFLICT (owner, instruction) DO UPDATE
                SET owner = excluded.owner
            """;

    private static final String LAST_ERROR = """
            SELECT left(error, 1000) AS error
              FROM task_steps
             WHERE task_id = ?
               AND NOT %s
             ORDER BY step_number DESC
             LIMIT 1
            """.formatted(StepOutcome.SUCCEEDED);

    private static final String UPSERT = """
            INSERT INTO task_digests (task_id, owner, instruction, error, path, last_screen, last_screen_step)
            VALUES (?, ?, ?, ?, ?::json, ?, ?)
            ON CONFLICT (task_id) DO UPDATE
                SET owner            = excluded.owner,
                    instruction      = excluded.instruction,
                    error            = excluded.error,
                    path             = excluded.path,
                    last_screen      = excluded.last_screen,
                    last_screen_step = excluded.last_screen_step
            """;

    /** Deletes a digest that was written while the task was being deleted. */
    private static final String DELETE = "DELETE FROM task_digests WHERE task_id = ?";

    /** Whether the task {@code t} succeeded. Unlike in statistics, unknown if it was cancelled and has no verdict. */
    static final String SUCCEEDED =
            "CASE WHEN coalesce(t.verdict, t.archived_status, t.status) <> 'cancelled' THEN t.success END";

    private static final String LIST = """
            SELECT d.task_id,
                   d.instruction,
                   d.error,
                   d.last_screen,
                   d.last_screen_step,
                   %1$s AS path,
                   t.started_at,
                   left(t.model, 80)                               AS model,
                   left(coalesce(t.attributes ->> 'app_version',
                                 t.metadata ->> 'app_version'), 80) AS app_version,
                   %2$s AS succeeded,
                   t.claimed_success,
                   t.verdict,
                   CASE
                       WHEN t.ended_at >= t.started_at
                       THEN (extract(epoch FROM t.ended_at - t.started_at) * 1000)::bigint
                   END                                             AS duration_ms,
                   t.claimed_success IS NOT NULL -- a running task may have a verdict
                   AND t.dropped_steps = 0
                   AND t.total_steps >= coalesce(t.last_step_number, 0) AS is_complete
              FROM task_digests AS d
              JOIN tasks AS t USING (task_id)
             WHERE d.owner = ?
               AND t.deleted_at IS NULL
               AND %3$s
             ORDER BY d.task_id DESC
             LIMIT ?
            """;

    private static final String PATH = "d.path::text";
    private static final String LIST_BY_INSTRUCTION = LIST.formatted(PATH, SUCCEEDED, "d.instruction = ?");
    private static final String LIST_LATEST = LIST.formatted(PATH, SUCCEEDED, "true");

    /** Omits the paths, which are the largest part of a digest. */
    private static final String LIST_FAILED = LIST.formatted("'[]'", SUCCEEDED, "NOT (" + SUCCEEDED + ")");

    /** Limits the number of rows that are in memory in addition to the digests. */
    private static final int FETCH_SIZE = 50;

    private TaskDigests() {}

    private record DigestedTask(String owner, String instruction, boolean archived, boolean deleted) {}

    /** Writes the digests of these tasks, and marks their previous and current instructions as stale. */
    static void update(Session session, Collection<UUID> taskIds) throws SQLException {
        session.sql(MARK_STALE, Sql.array("uuid", taskIds)).update();
        for (UUID taskId : taskIds) {
            Optional<DigestedTask> task = session.sql(TASK, taskId)
                    .first(row -> new DigestedTask(
                            row.getString("owner"),
                            InstructionText.from(row.getString("description"), row.getString("name")),
                            row.getBoolean("is_archived"),
                            row.getBoolean("is_deleted")));
            if (task.isPresent()) {
                update(session, taskId, task.get());
            }
        }
        session.sql(MARK_STALE, Sql.array("uuid", taskIds)).update();
    }

    private static void update(Session session, UUID taskId, DigestedTask task) throws SQLException {
        if (task.archived()) {
            return;
        }
        if (task.deleted()) {
            session.sql(DELETE, taskId).update();
            return;
        }
        String lastError = session.sql(LAST_ERROR, taskId)
                .<String>first(row -> row.getString("error"))
                .orElse(null);
        LastScreen screen = StepScreenHashes.last(session, taskId);
        session.sql(
                        UPSERT,
                        taskId,
                        task.owner(),
                        task.instruction(),
                        lastError == null ? null : ErrorText.normalize(lastError),
                        TaskMoves.toJson(TaskMoves.read(session, taskId)),
                        screen == null ? null : screen.hash(),
                        screen == null ? null : screen.stepNumber())
                .update();
    }

    /** Returns the owner's latest tasks with this instruction, at most {@value InstructionRules#MAX_TASKS}. */
    static List<TaskDigest> findByInstruction(Session session, String owner, String instruction) throws SQLException {
        return list(session, LIST_BY_INSTRUCTION, owner, instruction);
    }

    /** Returns the owner's latest tasks, at most {@value InstructionRules#MAX_TASKS}. */
    static List<TaskDigest> findLatest(Session session, String owner) throws SQLException {
        return list(session, LIST_LATEST, owner);
    }

    /** Returns the owner's latest failed tasks without their paths, at most {@value InstructionRules#MAX_TASKS}. */
    static List<TaskDigest> findFailed(Session session, String owner) throws SQLException {
        return list(session, LIST_FAILED, owner);
    }

    private static List<TaskDigest> list(Session session, String sql, String... filterValues) throws SQLException {
        List<Object> parameters = new ArrayList<>(Arrays.asList(filterValues));
        parameters.add(InstructionRules.MAX_TASKS);
        return session.sql(sql, parameters.toArray()).fetchSize(FETCH_SIZE).list(TaskDigests::digest);
    }

    private static TaskDigest digest(ResultSet row) throws SQLException {
        return new TaskDigest(
                row.getObject("task_id", UUID.class),
                row.getString("instruction"),
                Objects.requireNonNull(Sql.time(row, "started_at")),
                row.getString("model"),
                row.getString("app_version"),
                row.getObject("succeeded", Boolean.class),
                row.getObject("claimed_success", Boolean.class),
                row.getString("verdict"),
                row.getObject("duration_ms", Long.class),
                row.getString("error"),
                lastScreen(row),
                row.getBoolean("is_complete"),
                TaskMoves.parse(row.getString("path")));
    }

    private static @Nullable LastScreen lastScreen(ResultSet row) throws SQLException {
        Long hash = row.getObject("last_screen", Long.class);
        return hash == null ? null : new LastScreen(row.getInt("last_screen_step"), hash);
    }
}
