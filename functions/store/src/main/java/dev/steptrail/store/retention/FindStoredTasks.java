package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Of which tasks are the rows in the bucket and still here too, though they are past? */
public final class FindStoredTasks {
    private static final String SQL = """
            SELECT task_id
              FROM archives AS stored
              JOIN tasks AS t USING (task_id)
             WHERE stored.state = 'stored'
               AND t.deleted_at IS NULL
               AND %s
             ORDER BY task_id
            """.formatted(RetentionRules.MAY_LOSE_ITS_ROWS);

    private final Database database;

    public FindStoredTasks(Database database) {
        this.database = database;
    }

    /** All of them, in the order of their ids. */
    public List<UUID> all(Duration retention) {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SQL)) {
                statement.setLong(1, retention.toSeconds());
                List<UUID> tasks = new ArrayList<>();
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        tasks.add(rows.getObject("task_id", UUID.class));
                    }
                }
                return tasks;
            }
        });
    }
}
