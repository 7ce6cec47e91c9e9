package dev.steptrail.store.admin;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.Task;
import java.sql.PreparedStatement;

/** Writes down that somebody read of a task. */
public final class RecordRead {
    private static final String SQL = """
            INSERT INTO audit_log (caller, action, task_id, task_owner)
            VALUES (?, ?, ?, ?)
            """;

    private final Database database;

    public RecordRead(Database database) {
        this.database = database;
    }

    /**
     * Adds it to the audit log.
     *
     * @param caller the subject of their token, or {@code share:} and the id of a link
     * @param action such as {@code read_steps}
     */
    public void record(String caller, String action, Task task) {
        database.once(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SQL)) {
                statement.setString(1, caller);
                statement.setString(2, action);
                statement.setObject(3, task.taskId());
                statement.setString(4, task.owner());
                return statement.executeUpdate();
            }
        });
    }
}
