package dev.steptrail.store.query;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.Task;
import dev.steptrail.store.model.TaskColumns;
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

    private static final String OF_OWNER = SQL + "   AND owner = ?\n";

    private final Database database;

    public FindTask(Database database) {
        this.database = database;
    }

    /** The task, whoever's it is; empty if there is none or it was deleted. */
    public Optional<Task> byId(UUID taskId) {
        return found(SQL, taskId);
    }

    /**
     * The task, if it is this owner's. Somebody else's takes as long as one that is not there: whose it is is asked before the row is
     * read, which may have a megabyte.
     */
    public Optional<Task> ofOwner(UUID taskId, String owner) {
        return found(OF_OWNER, taskId, owner);
    }

    private Optional<Task> found(String sql, Object... values) {
        return database.lookUp(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (int i = 0; i < values.length; i++) {
                    statement.setObject(i + 1, values[i]);
                }
                try (ResultSet rows = statement.executeQuery()) {
                    return rows.next() ? Optional.of(TaskColumns.task(rows)) : Optional.empty();
                }
            }
        });
    }
}
