package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Session;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Ends running tasks from which no data arrived for 6 hours, by the database's clock, as abandoned. Their end is the time of their
 * last step, by the recorder's clock. A step that was taken later sets the task to running again, whichever is written first.
 */
public final class IdleTasks {
    private static final Duration IDLE = Duration.ofHours(6);

    /** A task that is locked is being written to, and is left to the next run, so no lock is waited for. */
    private static final String ABANDON = """
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

    public IdleTasks(Database database) {
        this.database = database;
    }

    /**
     * Ends up to {@code most} idle tasks, which stay locked until all are ended.
     *
     * @param limit the maximum time of the statement
     * @return how many it ended; fewer than {@code most} if there are no more
     */
    public int abandon(int most, Duration limit) {
        return database.inTransaction(limit, session -> abandon(session, most));
    }

    static int abandon(Session session, int most) throws SQLException {
        return session.sql(ABANDON, IDLE.toSeconds(), most).update();
    }
}
