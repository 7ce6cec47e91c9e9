package dev.steptrail.store.retention;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.model.Month;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** Which months, that ended longer ago than tasks are kept, can be emptied at once, and which can be dropped? */
public final class FindPastMonths {
    private static final String MONTHS = """
            WITH months AS (
                SELECT month::date AS first_day,
                       least_task_id_at(month AT TIME ZONE 'UTC')                        AS low,
                       least_task_id_at((month + interval '1 month') AT TIME ZONE 'UTC') AS high
                  FROM generate_series(timestamp '2015-01-01',
                                       (now() AT TIME ZONE 'UTC') - ? * interval '1 second' - interval '1 month',
                                       interval '1 month') AS month
                 WHERE to_regclass('task_steps'       || to_char(month, '_YYYY_MM')) IS NOT NULL
                   AND to_regclass('step_screenshots' || to_char(month, '_YYYY_MM')) IS NOT NULL)
            SELECT first_day
              FROM months
             WHERE EXISTS (SELECT FROM archives WHERE task_id >= low AND task_id < high AND state = '%s')
               AND %s
             ORDER BY first_day
            """;

    private static final String TO_EMPTY = MONTHS.formatted("stored", """
            NOT EXISTS (SELECT FROM tasks AS t WHERE task_id >= low AND task_id < high AND NOT %s)
            """.formatted(RetentionRules.MAY_LOSE_ITS_ROWS));

    /** What was never filled stays: it was made ahead, for runs that may be imported. */
    private static final String TO_DROP = MONTHS.formatted("archived", """
                NOT EXISTS (SELECT FROM task_steps       WHERE task_id >= low AND task_id < high)
            AND NOT EXISTS (SELECT FROM step_screenshots WHERE task_id >= low AND task_id < high)
            """);

    private final Database database;

    public FindPastMonths(Database database) {
        this.database = database;
    }

    /** Those of whose tasks the bucket holds all, all are past, and some still have rows. */
    public List<Month> toEmpty(Duration retention) {
        return find(TO_EMPTY, retention, 2);
    }

    /** Those that retention emptied. */
    public List<Month> toDrop(Duration retention) {
        return find(TO_DROP, retention, 1);
    }

    private List<Month> find(String sql, Duration retention, int parameters) {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (int i = 1; i <= parameters; i++) {
                    statement.setLong(i, retention.toSeconds());
                }
                List<Month> months = new ArrayList<>();
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        months.add(new Month(rows.getObject("first_day", LocalDate.class)));
                    }
                }
                return months;
            }
        });
    }
}
