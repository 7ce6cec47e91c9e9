package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Finds the tasks whose retention is over and that have rows in no archive. */
public final class FindTasksToArchive {
    /** Takes the retention, in seconds, as a parameter twice. The first condition is the one that the index of {@code task_processing} answers. */
    static final String DUE = """
            FROM task_processing AS due
              JOIN tasks AS t USING (task_id)
             WHERE due.unarchived_since < now() - ? * interval '1 second'
               AND %s""".formatted(RetentionRules.IS_PAST);

    static final String SQL = """
            SELECT task_id
              %s
               AND task_id > ?
             ORDER BY task_id
             LIMIT ?
            """.formatted(DUE);

    private static final UUID FIRST = new UUID(0, 0);

    private final Database database;

    public FindTasksToArchive(Database database) {
        this.database = database;
    }

    /**
     * Returns some of them, in the order of their ids.
     *
     * @param after the last task of the previous call; null for the first call
     */
    public List<UUID> some(Duration retention, @Nullable UUID after, int most) {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SQL)) {
                statement.setLong(1, retention.toSeconds());
                statement.setLong(2, retention.toSeconds());
                statement.setObject(3, after == null ? FIRST : after);
                statement.setInt(4, most);
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
