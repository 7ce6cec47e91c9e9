package dev.steptrail.store;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Marks the days on which tasks have steps as stale, and takes what the deleted ones of them had out of the statistics. */
final class MarkDays {
    /**
     * A mark that is there is held until what was counted can be seen: with DO NOTHING a rebuild could take it away before, and
     * the day would stay without these steps. One that a rebuild holds is waited for, and made again.
     */
    private static final String MARK = """
            INSERT INTO stale_days (day)
            SELECT DISTINCT day
              FROM task_stats_daily
             WHERE task_id = ANY (?)
             ORDER BY day
            ON CONFLICT (day) DO UPDATE
                SET day = excluded.day
            """;

    private static final String FORGET = """
            DELETE FROM task_stats_daily AS d
             USING tasks AS t
             WHERE d.task_id = ANY (?)
               AND t.task_id = d.task_id
               AND t.deleted_at IS NOT NULL
            """;

    private MarkDays() {}

    static void in(Connection connection, Array tasks) throws SQLException {
        try (PreparedStatement mark = connection.prepareStatement(MARK);
                PreparedStatement forget = connection.prepareStatement(FORGET)) {
            mark.setArray(1, tasks);
            mark.executeUpdate();
            forget.setArray(1, tasks);
            forget.executeUpdate();
        }
    }
}
