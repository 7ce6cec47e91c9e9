package dev.steptrail.store.admin;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.ArchiveQueue;
import dev.steptrail.store.model.AuditEntry;
import dev.steptrail.store.model.LockTask;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskColumns;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Says of a task whether its steps are to stay in the database however old they become. */
public final class KeepTask {
    private static final String SQL = """
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
     * Says so, and writes down who did, unless it was so before.
     *
     * @return the task as it is now; empty if it was deleted meanwhile
     */
    public Optional<Task> of(UUID taskId, boolean keep, String caller) {
        return database.inTransaction(connection -> {
            Optional<Task> before = LockTask.in(connection, taskId);
            if (before.isEmpty() || before.get().keep() == keep) {
                return before;
            }
            try (PreparedStatement statement = connection.prepareStatement(SQL)) {
                statement.setBoolean(1, keep);
                statement.setObject(2, taskId);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    Task task = TaskColumns.task(row);
                    ArchiveQueue.update(connection, taskId);
                    InsertAudit.in(connection, new AuditEntry(caller, "keep_task", taskId, Map.of("keep", keep)));
                    return Optional.of(task);
                }
            }
        });
    }
}
