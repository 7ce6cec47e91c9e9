package dev.steptrail.store.statistics;

import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.model.StepColumns;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;

/**
 * A task that changed since maintenance last processed it.
 *
 * @param changedAt when something of it was last stored, or when it was deleted
 */
public record ChangedTask(UUID taskId, Instant changedAt) {
    /**
     * A change has the start time of its transaction, and transactions end in another order. So changes that are up to 15 minutes older
     * than the latest processed one, which is how long a function may run, may still become visible.
     */
    private static final String SINCE = """
            SELECT coalesce(max(changed_at) - interval '15 minutes', '-infinity')
              FROM task_processing
            """;

    /** A task that is abandoned does not change, so tasks that were running when they were processed are found by their status. */
    private static final String FIND = """
            SELECT t.task_id,
                   t.changed_at
              FROM (SELECT task_id,
                           greatest(received_at, deleted_at) AS changed_at
                      FROM tasks) AS t
              LEFT JOIN task_processing AS p USING (task_id)
             WHERE t.changed_at >= ?
               AND p.changed_at IS DISTINCT FROM t.changed_at
             UNION
            SELECT t.task_id,
                   greatest(t.received_at, t.deleted_at)
              FROM task_processing AS p
              JOIN tasks AS t USING (task_id)
             WHERE p.run_is_open
               AND t.status <> 'running'
             ORDER BY changed_at, task_id
             LIMIT ?
            """;

    /** Returns at most {@code most} changed tasks, those with the oldest changes first. */
    public static List<ChangedTask> find(Connection connection, int most) throws SQLException {
        // Read by a separate statement, so that the planner can estimate how few tasks changed since then.
        OffsetDateTime since = Sql.of(connection, SINCE).one(row -> row.getObject(1, OffsetDateTime.class));
        return Sql.of(connection, FIND, since, most)
                .list(row -> new ChangedTask(
                        row.getObject("task_id", UUID.class), StepColumns.requiredTime(row, "changed_at")));
    }
}
