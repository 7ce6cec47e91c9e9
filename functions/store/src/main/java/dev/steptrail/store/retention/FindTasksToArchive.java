package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which tasks are past, and have something that is not in the bucket yet? */
public final class FindTasksToArchive {
    /** Takes the retention, in seconds, as a parameter. */
    static final String IS_DUE = """
            (    %s
             AND NOT EXISTS (SELECT
                               FROM archives AS a
                              WHERE a.task_id = t.task_id
                                AND a.total_steps = t.total_steps
                                AND a.state <> 'restored'))""".formatted(RetentionRules.IS_PAST);

    private static final String SQL = """
            SELECT task_id
              FROM tasks AS t
             WHERE %s
               AND task_id > ?
             ORDER BY task_id
             LIMIT ?
            """.formatted(IS_DUE);

    private static final UUID FIRST = new UUID(0, 0);

    private final Database database;

    public FindTasksToArchive(Database database) {
        this.database = database;
    }

    /**
     * Some of them, in the order of their ids.
     *
     * @param after where the ones before ended; null to begin at the first
     */
    public List<UUID> some(Duration retention, @Nullable UUID after, int most) {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SQL)) {
                statement.setLong(1, retention.toSeconds());
                statement.setObject(2, after == null ? FIRST : after);
                statement.setInt(3, most);
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
