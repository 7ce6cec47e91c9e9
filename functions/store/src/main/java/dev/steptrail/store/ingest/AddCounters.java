package dev.steptrail.store.ingest;

import dev.steptrail.store.jdbc.Columns;
import dev.steptrail.store.statistics.ChangedTask;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Adds to the counters of tasks, which it locks first, in the order of their ids, and so behind all others who do. */
public final class AddCounters {
    /**
     * When news came is told under the lock, and always later than before: one who began first may count last, and who looks for
     * news must see that these are others ({@link ChangedTask}).
     */
    private static final String SQL = """
            SELECT %s,
                   coalesce(archived_status, status) = 'abandoned' AS abandoned
              FROM tasks
             WHERE task_id = ANY (?)
             ORDER BY task_id
               FOR NO KEY UPDATE;
            UPDATE tasks AS t
               SET total_steps       = t.total_steps + c.total_steps,
                   successful_steps  = t.successful_steps + c.successful_steps,
                   failed_steps      = t.failed_steps + c.failed_steps,
                   total_duration_ms = t.total_duration_ms + c.total_duration_ms,
                   last_step_at      = greatest(t.last_step_at, c.last_step_at),
                   conflicts         = t.conflicts + c.conflicts,
                   received_at       = greatest(clock_timestamp(), t.received_at + interval '1 microsecond')
              FROM unnest(?::uuid[], ?::integer[], ?::integer[], ?::integer[], ?::bigint[], ?::timestamptz[], ?::integer[])
                   AS c (task_id, total_steps, successful_steps, failed_steps, total_duration_ms, last_step_at, conflicts)
             WHERE t.task_id = c.task_id
            """.formatted(KnownTask.COLUMNS);

    private AddCounters() {}

    /**
     * Locks, and then adds. Tasks that were given up and of which steps were taken after that live again.
     *
     * @param tasks all to be locked, also those of which nothing is counted
     * @return how they were, locked
     */
    static Map<UUID, KnownTask> in(Connection connection, Collection<UUID> tasks, Collection<TaskChange> changes)
            throws SQLException {
        Map<UUID, KnownTask> locked = new HashMap<>();
        boolean someAreAbandoned = false;
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            statement.setArray(1, connection.createArrayOf("uuid", tasks.toArray()));
            Columns<TaskChange> columns = new Columns<>(statement, 2, changes);
            columns.set("uuid", TaskChange::taskId);
            columns.set("integer", TaskChange::totalSteps);
            columns.set("integer", TaskChange::successfulSteps);
            columns.set("integer", TaskChange::failedSteps);
            columns.set("bigint", TaskChange::totalDurationMs);
            columns.set("timestamptz", TaskChange::lastStepAt);
            columns.set("integer", TaskChange::conflicts);
            statement.execute();
            try (ResultSet rows = statement.getResultSet()) {
                while (rows.next()) {
                    locked.put(rows.getObject("task_id", UUID.class), KnownTask.of(rows));
                    someAreAbandoned |= rows.getBoolean("abandoned");
                }
            }
        }
        if (someAreAbandoned) {
            ReviveTasks.in(connection, changes);
        }
        return locked;
    }
}
