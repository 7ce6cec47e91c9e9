package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Sql;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** Reads and writes the data of the daily screenshot check: tasks to check, keys of their objects, and findings. */
public final class ScreenshotCheckRepository {
    /** The number of slots into which tasks are divided by the last byte of their ids, which is random. */
    public static final int CHECK_SLOTS = 32;

    /** Each part of the union uses an index, so the cost does not depend on the number of archived tasks. */
    static final String FIND_TASKS = """
            WITH candidates AS MATERIALIZED (
                SELECT task_id
                  FROM (SELECT task_id
                          FROM tasks
                         WHERE greatest(received_at, deleted_at, judged_at) > ?
                         UNION
                        SELECT task_id
                          FROM tasks
                         WHERE get_byte(uuid_send(task_id), 15) %% %1$d = ?
                           AND status <> 'deleted'
                           AND (status <> 'archived' OR keep)
                         UNION
                        SELECT task_id
                          FROM task_processing
                         WHERE get_byte(uuid_send(task_id), 15) %% %1$d = ?
                           AND unarchived_since IS NOT NULL
                         UNION
                        SELECT task_id
                          FROM findings
                         WHERE kind = 'missing_screenshot') AS due
                 WHERE task_id > ?
            )
            SELECT c.task_id,
                   EXISTS (SELECT
                             FROM findings AS f
                            WHERE f.task_id = c.task_id
                              AND f.kind = 'missing_screenshot') AS is_reported
              FROM candidates AS c
             CROSS JOIN LATERAL (SELECT status
                                   FROM tasks
                                  WHERE task_id = c.task_id
                                 OFFSET 0) AS t
             WHERE t.status <> 'deleted'
               AND (   t.status <> 'archived'
                    OR EXISTS (SELECT
                                 FROM task_steps AS s
                                WHERE s.task_id = c.task_id))
             ORDER BY c.task_id
             LIMIT ?
            """.formatted(CHECK_SLOTS);

    private static final String FIND_KEYS = """
            SELECT step_number,
                   key
              FROM step_screenshots
             CROSS JOIN LATERAL (VALUES (screenshot_path), (thumbnail_path)) AS object (key)
             WHERE task_id = ?
               AND key IS NOT NULL
             ORDER BY step_number
            """;

    /** Screenshots that were archived or deleted are not missing. */
    private static final String LOCK = """
            SELECT
              FROM tasks
             WHERE task_id = ?
               AND status <> 'deleted'
               AND (   status <> 'archived'
                    OR EXISTS (SELECT
                                 FROM task_steps AS s
                                WHERE s.task_id = tasks.task_id))
               FOR UPDATE
            """;

    private static final String REMOVE = """
            DELETE FROM findings
             WHERE task_id = ?
               AND kind = 'missing_screenshot'
            """;

    private static final String SET = """
            INSERT INTO findings AS f (task_id, kind, steps)
            VALUES (?, 'missing_screenshot', ?)
            ON CONFLICT (task_id, kind) DO UPDATE
                SET steps    = excluded.steps,
                    found_at = excluded.found_at
              WHERE f.steps <> excluded.steps
            """;

    private final Database database;

    public ScreenshotCheckRepository(Database database) {
        this.database = database;
    }

    /**
     * A task to check.
     *
     * @param isReported whether the task has a finding of missing screenshots
     */
    public record TaskToCheck(UUID taskId, boolean isReported) {}

    /** A step number and the key of one of the step's objects. */
    public record ScreenshotKey(int stepNumber, String key) {
        /** Returns the folder of the task's objects from one sender, with a slash at the end. */
        public String folder() {
            return key.substring(0, key.lastIndexOf('/') + 1);
        }
    }

    /** The effect of a report on the task's finding. */
    public enum Change {
        NONE,
        /** The finding was added, or its steps changed. */
        REPORTED,
        /** The finding was removed, because no screenshot is missing any more. */
        REPAIRED
    }

    /**
     * Returns tasks to check, in the order of their ids: those with recent activity, those with a finding, and those of
     * a slot. Omits deleted tasks, and archived tasks unless steps arrived after the task was archived.
     *
     * @param after the last task of the previous call
     * @param since the start of recent activity
     * @param slot 0 to {@link #CHECK_SLOTS} - 1
     */
    public List<TaskToCheck> findTasks(UUID after, Instant since, int slot, int limit) {
        return database.read(session ->
                session.sql(FIND_TASKS, since, slot, slot, after, limit).list(RecordMapper.of(TaskToCheck.class)));
    }

    /** Returns the keys of the task's screenshots and thumbnails, in the order of the steps. */
    public List<ScreenshotKey> findKeys(UUID taskId) {
        return database.read(session -> session.sql(FIND_KEYS, taskId).list(RecordMapper.of(ScreenshotKey.class)));
    }

    /**
     * Adds, changes or removes the task's finding {@code missing_screenshot}. A task has at most one.
     *
     * @param steps the steps with a missing screenshot or thumbnail, in ascending order; may be empty
     */
    public Change report(UUID taskId, Collection<Integer> steps) {
        return database.inTransaction(session -> {
            if (!session.sql(LOCK, taskId).hasRows()) {
                return Change.NONE;
            }
            if (steps.isEmpty()) {
                return session.sql(REMOVE, taskId).update() > 0 ? Change.REPAIRED : Change.NONE;
            }
            return session.sql(SET, taskId, Sql.array("integer", steps)).update() > 0 ? Change.REPORTED : Change.NONE;
        });
    }
}
