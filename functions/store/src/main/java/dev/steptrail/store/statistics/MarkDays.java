package dev.steptrail.store.statistics;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * Marks the days on which tasks have steps, or began, as stale, and takes what the deleted ones of them had out of the statistics. A run is counted on the
 * day on which it began, as far as is known now; that on which it was counted until now is marked too.
 */
public final class MarkDays {
    /**
     * A mark that is there is held until what was counted can be seen: with DO NOTHING a rebuild could take it away before, and
     * the day would stay without these steps. One that a rebuild holds is waited for, and made again. All are made at once, in their order.
     */
    private static final String MARK = """
            WITH begun AS (
                UPDATE task_looks AS l
                   SET run_day     = CASE WHEN t.deleted_at IS NULL THEN (t.started_at AT TIME ZONE 'UTC')::date END,
                       run_is_open = t.status = 'running'
                  FROM tasks AS t
                 WHERE l.task_id = ANY (?)
                   AND t.task_id = l.task_id
                RETURNING l.run_day
            )
            INSERT INTO stale_days (day)
            SELECT day
              FROM task_stats_daily
             WHERE task_id = ANY (?)
             UNION
            SELECT run_day
              FROM task_looks -- as they were before
             WHERE task_id = ANY (?)
               AND run_day IS NOT NULL
             UNION
            SELECT run_day
              FROM begun
             WHERE run_day IS NOT NULL
             ORDER BY day
            ON CONFLICT (day) DO UPDATE
                SET day = excluded.day
            """;

    private static final String FORGET = """
            DELETE FROM %s AS d
             USING tasks AS t
             WHERE d.task_id = ANY (?)
               AND t.task_id = d.task_id
               AND t.deleted_at IS NOT NULL
            """;

    private MarkDays() {}

    public static void in(Connection connection, Array tasks) throws SQLException {
        try (PreparedStatement mark = connection.prepareStatement(MARK)) {
            for (int parameter = 1; parameter <= 3; parameter++) {
                mark.setArray(parameter, tasks);
            }
            mark.executeUpdate();
        }
        for (String table : List.of("task_stats_daily", "task_measures_daily")) {
            try (PreparedStatement forget = connection.prepareStatement(FORGET.formatted(table))) {
                forget.setArray(1, tasks);
                forget.executeUpdate();
            }
        }
    }
}
