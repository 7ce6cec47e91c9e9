package dev.steptrail.store.judgements;

import dev.steptrail.store.admin.AuditLog;
import dev.steptrail.store.admin.AuditLog.AuditEntry;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskLocks;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** Adds and removes the tags of tasks. */
public final class TagRepository {
    public static final int MAX_TAGS = 50;
    public static final int MAX_LENGTH = 50;

    private static final String SET_TAGS = """
            UPDATE tasks
               SET tags      = ?,
                   judged_at = greatest(clock_timestamp(), judged_at + interval '1 microsecond')
             WHERE task_id = ?
            RETURNING %s
            """.formatted(Task.ROW.columns());

    private final Database database;

    public TagRepository(Database database) {
        this.database = database;
    }

    /**
     * Adds a tag, and records the change in the audit log. A task that has the tag is not changed.
     *
     * @return the updated task; empty if it already has {@value #MAX_TAGS} other tags, or was deleted
     */
    public Optional<Task> add(UUID taskId, String tag, String caller) {
        return database.inTransaction(session -> {
            Optional<Task> before = TaskLocks.lockTask(session, taskId);
            if (before.isEmpty() || before.get().tags().contains(tag)) {
                return before;
            }
            Set<String> tags = new TreeSet<>(before.get().tags());
            tags.add(tag);
            return tags.size() > MAX_TAGS
                    ? Optional.empty()
                    : Optional.of(setTags(
                            session, taskId, tags, new AuditEntry(caller, "add_tag", taskId, Map.of("tag", tag))));
        });
    }

    /**
     * Removes a tag, and records the change in the audit log.
     *
     * @return false if the task does not have the tag
     */
    public boolean remove(UUID taskId, String tag, String caller) {
        return database.inTransaction(session -> {
            Optional<Task> before = TaskLocks.lockTask(session, taskId);
            if (before.isEmpty() || !before.get().tags().contains(tag)) {
                return false;
            }
            Set<String> tags = new TreeSet<>(before.get().tags());
            tags.remove(tag);
            setTags(session, taskId, tags, new AuditEntry(caller, "remove_tag", taskId, Map.of("tag", tag)));
            return true;
        });
    }

    private static Task setTags(Session session, UUID taskId, Set<String> tags, AuditEntry entry) throws SQLException {
        Task task = session.sql(SET_TAGS, Sql.array("text", tags), taskId).single(Task.ROW);
        AuditLog.addInTransaction(session, entry);
        return task;
    }
}
