package dev.steptrail.store.retention;

import dev.steptrail.store.admin.AuditLog;
import dev.steptrail.store.admin.AuditLog.AuditEntry;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.model.ArchiveKeys;
import dev.steptrail.store.model.ObjectKeys;
import dev.steptrail.store.retention.ObjectDeletionQueue.Entry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Deletes a task: its rows at once, and its objects within about an hour by {@link ObjectDeletionQueue}. The steps and
 * screenshots of a long task are also deleted by maintenance, in batches. A tombstone with its id, owner and deletion
 * time remains, so that late messages can be dropped.
 */
public final class TaskDeletion {
    /** Deleting a step with its screenshots takes about 20 µs. */
    static final int MAX_STEPS_AT_ONCE = 20_000;

    /** Runs first, so that a concurrent writer sees the deletion when it locks the task to count its steps. */
    private static final String MARK = """
            UPDATE tasks
               SET status     = 'deleted',
                   deleted_at = now()
             WHERE task_id = ?
               AND deleted_at IS NULL
            RETURNING owner,
                      total_steps,
                      ARRAY(SELECT attachment ->> 'path'
                              FROM (VALUES (extra_start_fields), (extra_end_fields)) AS extra (fields)
                             CROSS JOIN LATERAL json_array_elements(fields -> 'attachments') AS attachment)
                          AS attachment_paths
            """;

    private static final String DELETE_SCREENSHOTS = """
            WITH deleted AS (
                DELETE FROM step_screenshots
                 WHERE task_id = ?
                   AND step_number <= ?
                RETURNING screenshot_path, thumbnail_path
            )
            SELECT DISTINCT split_part(key, '/', 2)
              FROM deleted
             CROSS JOIN LATERAL (VALUES (screenshot_path), (thumbnail_path)) AS object (key)
             WHERE key IS NOT NULL
            """;

    private static final String DELETE_STEPS = """
            WITH deleted AS (
                DELETE FROM task_steps
                 WHERE task_id = ?
                   AND step_number <= ?
                RETURNING step_data
            )
            SELECT DISTINCT split_part(attachment ->> 'path', '/', 2)
              FROM deleted
             CROSS JOIN LATERAL json_array_elements(step_data -> 'attachments') AS attachment
            """;

    private static final String QUEUE_ROWS = "INSERT INTO rows_to_delete (task_id) VALUES (?)";

    private static final String NEXT_QUEUED = """
            SELECT task_id
              FROM rows_to_delete
             ORDER BY added_at, task_id
             LIMIT 1
            """;

    private static final String LAST_OF_BATCH = """
            SELECT max(step_number)
              FROM (SELECT step_number
                      FROM %s
                     WHERE task_id = ?
                     ORDER BY step_number
                     LIMIT ?) AS batch
            """;

    private static final String REMOVE_QUEUED = "DELETE FROM rows_to_delete WHERE task_id = ?";

    private static final String DELETE_REJECTED = """
            WITH deleted AS (
                DELETE FROM rejected_messages
                 WHERE task_id = ?
                RETURNING sender_id
            )
            SELECT DISTINCT sender_id
              FROM deleted
            """;

    private static final String SENDERS_OF_OWNER = """
            SELECT sender_id
              FROM agents
             WHERE owner = ?
            """;

    /**
     * Deletes rows that reference no objects. Instructions are marked as stale before insights are deleted, which is
     * the order of {@code InsightUpdater} and prevents deadlocks. All insights of the task's instruction are deleted
     * and recomputed, because most depend on all tasks with the instruction.
     */
    private static final List<String> DELETE_OTHER_ROWS = List.of(
            "DELETE FROM verdicts WHERE task_id = ?",
            "DELETE FROM step_labels WHERE task_id = ?",
            "DELETE FROM notes WHERE task_id = ?",
            "DELETE FROM task_usage WHERE task_id = ?",
            "DELETE FROM findings WHERE task_id = ?",
            "DELETE FROM share_links WHERE task_id = ?",
            """
            INSERT INTO stale_instructions (owner, instruction)
            SELECT DISTINCT owner,
                            text
              FROM task_digests
             CROSS JOIN LATERAL unnest(ARRAY['', instruction]) AS stale (text)
             WHERE task_id = ?
             ORDER BY owner, text
            ON CONFLICT (owner, instruction) DO UPDATE
                SET owner = excluded.owner
            """,
            """
            DELETE FROM insights AS i
             USING task_digests AS d
             WHERE d.task_id = ?
               AND i.owner = d.owner
               AND i.instruction IN ('', d.instruction)
            """,
            "DELETE FROM task_digests WHERE task_id = ?");

    private static final String DELETE_ARCHIVES = """
            DELETE FROM archives
             WHERE task_id = ?
            RETURNING key
            """;

    private static final String CLEAR_TASK_COLUMNS = """
            UPDATE tasks
               SET name                = NULL,
                   description         = NULL,
                   agent               = NULL,
                   model               = NULL,
                   device_id           = NULL,
                   message             = NULL,
                   end_reason          = NULL,
                   previous_task_id    = NULL,
                   start_received      = false,
                   started_at          = deleted_at,
                   ended_at            = NULL,
                   last_step_at        = NULL,
                   last_step_number    = NULL,
                   received_at         = deleted_at,
                   total_steps         = 0,
                   successful_steps    = 0,
                   failed_steps        = 0,
                   total_duration_ms   = 0,
                   dropped_steps       = 0,
                   dropped_screenshots = 0,
                   conflicting_steps   = 0,
                   keep                = false,
                   metadata            = NULL,
                   experiment          = NULL,
                   case_id             = NULL,
                   repeat              = NULL,
                   attributes          = NULL,
                   tags                = '{}',
                   verdict             = NULL,
                   verdict_source      = NULL,
                   judged_at           = NULL,
                   losses              = NULL,
                   extra_start_fields  = NULL,
                   extra_end_fields    = NULL,
                   archived_status     = NULL,
                   restored_at         = NULL
             WHERE task_id = ?
            """;

    private final Database database;

    public TaskDeletion(Database database) {
        this.database = database;
    }

    private record DeletedTask(String owner, int totalSteps, List<String> attachmentPaths) {}

    /**
     * Deletes a task and records the deletion in the audit log. Performs no authorization.
     *
     * @param caller the subject of the requesting user's token, for the audit log
     * @return false if the task does not exist or was already deleted
     */
    public boolean delete(UUID taskId, String caller) {
        return database.inTransaction(session -> {
            Optional<DeletedTask> deleted = session.sql(MARK, taskId).first(RecordMapper.of(DeletedTask.class));
            if (deleted.isEmpty()) {
                return false;
            }
            String owner = deleted.get().owner();
            Set<String> senders = deleted.get().attachmentPaths().stream()
                    .map(ObjectKeys::senderId)
                    .filter(Objects::nonNull)
                    .collect(Collectors.toCollection(HashSet::new));
            senders.addAll(session.sql(DELETE_REJECTED, taskId).list(row -> row.getString(1)));
            if (deleted.get().totalSteps() > MAX_STEPS_AT_ONCE) {
                session.sql(QUEUE_ROWS, taskId).update();
            } else {
                senders.addAll(deleteRows(session, taskId, Integer.MAX_VALUE, Integer.MAX_VALUE));
            }
            for (String sql : DELETE_OTHER_ROWS) {
                session.sql(sql, taskId).update();
            }
            senders.addAll(session.sql(SENDERS_OF_OWNER, owner).list(row -> row.getString("sender_id")));
            ObjectDeletionQueue.add(session, objects(session, taskId, owner, senders));
            session.sql(CLEAR_TASK_COLUMNS, taskId).update();
            AuditLog.addInTransaction(session, new AuditEntry(caller, "delete_task", taskId, Map.of()));
            return true;
        });
    }

    /**
     * Deletes a batch of rows of the long task that was deleted first, and queues the folders of their objects.
     *
     * @param max the maximum number of steps, and of screenshots except for those of the last step
     * @param timeout the timeout of each statement
     * @return whether there was a task
     */
    public boolean deleteNextRows(int max, Duration timeout) {
        return database.inTransaction(timeout, session -> {
            Optional<UUID> next = session.sql(NEXT_QUEUED).first(row -> row.getObject("task_id", UUID.class));
            if (next.isEmpty()) {
                return false;
            }
            UUID taskId = next.get();
            Optional<Integer> lastScreenshot = lastOfBatch(session, "step_screenshots", taskId, max);
            Optional<Integer> lastStep = lastOfBatch(session, "task_steps", taskId, max);
            Set<String> senders = deleteRows(session, taskId, lastScreenshot.orElse(0), lastStep.orElse(0));
            ObjectDeletionQueue.add(session, folders(taskId, senders));
            if (lastScreenshot.isEmpty() && lastStep.isEmpty()) {
                session.sql(REMOVE_QUEUED, taskId).update();
            }
            return true;
        });
    }

    private static Optional<Integer> lastOfBatch(Session session, String table, UUID taskId, int max)
            throws SQLException {
        return Optional.ofNullable(session.sql(LAST_OF_BATCH.formatted(table), taskId, max)
                .single(row -> row.getObject(1, Integer.class)));
    }

    /** Deletes rows up to these step numbers, and returns the senders in the keys of their objects. */
    private static Set<String> deleteRows(Session session, UUID taskId, int lastScreenshot, int lastStep)
            throws SQLException {
        Set<String> senders = new HashSet<>(
                session.sql(DELETE_SCREENSHOTS, taskId, lastScreenshot).list(row -> row.getString(1)));
        senders.addAll(session.sql(DELETE_STEPS, taskId, lastStep).list(row -> row.getString(1)));
        return senders;
    }

    /** Returns the folders of a task's screenshots and attachments. */
    private static List<Entry> folders(UUID taskId, Set<String> senders) {
        return senders.stream()
                .filter(sender -> !sender.isEmpty())
                .flatMap(sender ->
                        Stream.of("screenshots/", "attachments/").map(root -> root + sender + "/" + taskId + "/"))
                .map(folder -> new Entry(folder, true))
                .toList();
    }

    /**
     * Returns the objects to delete. Folders are queued instead of single objects, because they may contain objects
     * that no row references. Archives are found by their rows, because the task may have had another owner when they
     * were stored. They are queued as prefixes, because a single key is deleted only if its object is older than a
     * minute.
     */
    private static List<Entry> objects(Session session, UUID taskId, String owner, Set<String> senders)
            throws SQLException {
        List<Entry> objects = new ArrayList<>(
                session.sql(DELETE_ARCHIVES, taskId).list(row -> new Entry(row.getString("key"), true)));
        objects.addAll(folders(taskId, senders));
        objects.add(new Entry(ArchiveKeys.prefix(owner, taskId), true));
        String exports = "exports/" + ArchiveKeys.folder(owner) + "/";
        objects.add(new Entry(exports + taskId, true));
        objects.add(new Entry("exports/" + ArchiveKeys.LINKS_FOLDER + "/" + taskId, true));
        // Exports of many tasks may contain this one.
        objects.add(new Entry(exports + "tasks.", true));
        objects.add(new Entry("exports/tasks.", true));
        return objects;
    }
}
