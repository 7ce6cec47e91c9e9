package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.MonthPartition;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * Which months should be there and are not? This one and the three that follow, and each one before of which the DEFAULT
 * partition holds tasks: imports of old runs. Before 2015 no task was recorded; ids that say so, or that say a time further
 * ahead, or that are no UUIDs of version 7, make no month, so nobody can have thousands of tables made.
 */
public final class FindMissingMonths {
    private static final String SQL = """
            WITH months AS (
                SELECT month::date AS month,
                       month >= date_trunc('month', now() AT TIME ZONE 'UTC')              AS is_ahead,
                       month AT TIME ZONE 'UTC'                                            AS start,
                       (month + interval '1 month') AT TIME ZONE 'UTC'                     AS after,
                       least_task_id_at(month AT TIME ZONE 'UTC')                          AS low,
                       least_task_id_at((month + interval '1 month') AT TIME ZONE 'UTC')   AS high
                  FROM generate_series(timestamp '2015-01-01',
                                       (now() AT TIME ZONE 'UTC') + interval '3 months',
                                       interval '1 month') AS month)
            SELECT parent, month
              FROM months
             CROSS JOIN (VALUES ('task_steps', 1), ('step_screenshots', 2), ('audit_log', 3)) AS parents (parent, place)
             WHERE to_regclass(parent || to_char(month, '_YYYY_MM')) IS NULL
               AND (   is_ahead
                    OR parent <> 'audit_log'
                       AND (   EXISTS (SELECT FROM task_steps_default
                                        WHERE task_id >= low AND task_id < high AND substr(task_id::text, 15, 1) = '7')
                            OR EXISTS (SELECT FROM step_screenshots_default
                                        WHERE task_id >= low AND task_id < high AND substr(task_id::text, 15, 1) = '7'))
                    OR parent = 'audit_log'
                       AND EXISTS (SELECT FROM audit_log_default WHERE at >= start AND at < after))
             ORDER BY is_ahead DESC, month, place
            """;

    private final Database database;

    public FindMissingMonths(Database database) {
        this.database = database;
    }

    /** Those ahead first: on them depends that DEFAULT stays small. */
    public List<MonthPartition> now() {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(SQL);
                    ResultSet rows = statement.executeQuery()) {
                List<MonthPartition> missing = new ArrayList<>();
                while (rows.next()) {
                    missing.add(new MonthPartition(rows.getString("parent"), rows.getObject("month", LocalDate.class)));
                }
                return missing;
            }
        });
    }
}
