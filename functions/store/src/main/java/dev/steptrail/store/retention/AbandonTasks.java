package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.TimeLimits;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Ends running tasks of which nothing new arrived for 6 hours, by this database's clock, as abandoned. They end with the last
 * step that they took, by the recorder's clock: a step taken later makes them run again, whichever of the two is written first.
 */
public final class AbandonTasks {
    private static final Duration IDLE = Duration.ofHours(6);

    /**
     * A task that somebody holds is being written just now, so it is no case for this, or one for the next run. The others are
     * held until the transaction ends, and no lock is waited for.
     */
    private static final String SQL = """
            WITH idle AS (
                SELECT task_id
                  FROM tasks
                 WHERE status = 'running'
                   AND received_at < now() - ? * interval '1 second'
                 ORDER BY task_id
                 LIMIT ?
                   FOR NO KEY UPDATE SKIP LOCKED
            )
            UPDATE tasks AS t
               SET status   = 'abandoned',
                   ending   = 'abandoned',
                   message  = 'no data received for 6 hours',
                   ended_at = coalesce(t.last_step_at, t.started_at)
              FROM idle
             WHERE t.task_id = idle.task_id
            """;

    private final Database database;

    public AbandonTasks(Database database) {
        this.database = database;
    }

    /**
     * Ends some of them.
     *
     * @param most how many; those of one call are held at a time
     * @param limit how long it may take
     * @return how many it ended; if fewer than {@code most}, there are no more
     */
    public int some(int most, Duration limit) {
        return database.inTransaction(connection -> {
            TimeLimits.set(connection, limit);
            return in(connection, most);
        });
    }

    static int in(Connection connection, int most) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setLong(1, IDLE.toSeconds());
            statement.setInt(2, most);
            return statement.executeUpdate();
        }
    }
}
