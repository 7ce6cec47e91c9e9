package dev.steptrail.store.retention;

import dev.steptrail.store.admin.AuditLog;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.model.ArchiveQueue;
import dev.steptrail.store.model.AuditEntry;
import dev.steptrail.store.model.LockTask;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskColumns;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Exempts a task from retention, or ends the exemption: the steps of a kept task stay in the database however old they are. */
public final class KeepTask {
    private static final String UPDATE = """
            UPDATE tasks
               SET keep = ?
             WHERE task_id = ?
            RETURNING %s
            """.formatted(TaskColumns.ALL);

    private final Database database;

    public KeepTask(Database database) {
        this.database = database;
    }

    /**
     * Sets whether the task is kept, and records a change in the audit log.
     *
     * @return the task as it is now; empty if it was deleted
     */
    public Optional<Task> of(UUID taskId, boolean keep, String caller) {
        return database.inTransaction(connection -> {
            Optional<Task> before = LockTask.in(connection, taskId);
            if (before.isEmpty() || before.get().keep() == keep) {
                return before;
            }
            Task task = Sql.of(connection, UPDATE, keep, taskId).one(TaskColumns::task);
            ArchiveQueue.update(connection, taskId);
            AuditLog.insert(connection, new AuditEntry(caller, "keep_task", taskId, Map.of("keep", keep)));
            return Optional.of(task);
        });
    }
}
