package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Session;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Ends running tasks that received no data for 6 hours, by the database's clock, as abandoned. The end time of such a
 * task is the time of its last step, by the recorder's clock. A step with a later timestamp sets the task back to
 * running.
 */
public final class IdleTaskFinalizer {
    private static final Duration IDLE = Duration.ofHours(6);

    /** Skips locked tasks, because they are being written to; the next run checks them again. */
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
                   end_reason = 'abandoned',
                   message  = 'no data received for 6 hours',
                   ended_at = coalesce(t.last_step_at, t.started_at)
              FROM idle
             WHERE t.task_id = idle.task_id
            """;

    private final Database database;

    public IdleTaskFinalizer(Database database) {
        this.database = database;
    }

    /**
     * Ends up to {@code max} idle tasks in one transaction.
     *
     * @param timeout the timeout of the statement
     * @return the number of ended tasks; fewer than {@code max} if no more are idle
     */
    public int abandon(int max, Duration timeout) {
        return database.inTransaction(timeout, session -> abandon(session, max));
    }

    static int abandon(Session session, int max) throws SQLException {
        return session.sql(ABANDON, IDLE.toSeconds(), max).update();
    }
}
