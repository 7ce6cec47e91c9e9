package dev.steptrail.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Optional;
import java.util.UUID;

/** What is known of this task? */
public final class FindTask {
    private static final String SQL = """
            SELECT %s
              FROM tasks
             WHERE task_id = ?
               AND deleted_at IS NULL
            """.formatted(TaskColumns.ALL);

    private final Database database;

    public FindTask(Database database) {
        this.database = database;
    }

    /** The task, whoever's it is; empty if there is none or it was deleted. */
    public Optional<Task> byId(UUID taskId) {
        return database.readOnce(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SQL)) {
                statement.setObject(1, taskId);
                try (ResultSet rows = statement.executeQuery()) {
                    return rows.next() ? Optional.of(TaskColumns.task(rows)) : Optional.empty();
                }
            }
        });
    }
}
