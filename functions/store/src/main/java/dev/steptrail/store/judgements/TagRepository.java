package dev.steptrail.store.judgements;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskLocks;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Adds and removes the tags of tasks. */
public final class TagRepository {
    public static final int MAX_TAGS = 50;
    public static final int MAX_LENGTH = 50;

    private final Database database;

    public TagRepository(Database database) {
        this.database = database;
    }

    /**
     * Adds a tag, and records the change in the audit log. A task that has the tag is not changed.
     *
     * @return the task, without the tag if it already has {@value #MAX_TAGS} others; empty if it was deleted
     */
    public Optional<Task> add(UUID taskId, String tag, String caller) {
        return database.inTransaction(session -> {
            change(session, taskId, new TagChange(List.of(tag), List.of()), caller);
            return TaskLocks.lockTask(session, taskId);
        });
    }

    /**
     * Removes a tag, and records the change in the audit log.
     *
     * @return false if the task does not have the tag
     */
    public boolean remove(UUID taskId, String tag, String caller) {
        return database.inTransaction(session -> change(session, taskId, new TagChange(List.of(), List.of(tag)), caller)
                        .changed()
                > 0);
    }

    private static BulkResult change(Session session, UUID taskId, TagChange change, String caller)
            throws SQLException {
        return change.apply(session, TaskLocks.lockTasks(session, List.of(taskId), null), caller);
    }
}
