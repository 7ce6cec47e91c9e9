package dev.steptrail.store.query;

import dev.steptrail.store.jdbc.Conditions;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.RecordMapper;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts the values of a field of tasks, for the choices of a filter. Reads the newest {@value #MAX_TASKS} tasks in the
 * order of the list, from one index, so the cost has a bound and values of tags and experiments need no other table.
 */
public final class TaskValues {
    /** The maximum number of tasks that are read. */
    public static final int MAX_TASKS = 10_000;

    public static final int MAX_VALUES = 100;

    /** The maximum length of a value, because filters accept none that is longer. */
    private static final int MAX_LENGTH = 1024;

    /**
     * Counts before it compares the values with the prefix, which takes longer. The join keeps the number of tasks if
     * no value matches.
     */
    private static final String COUNT = """
            WITH newest AS MATERIALIZED (
                SELECT %1$s AS value
                  FROM tasks
                 WHERE deleted_at IS NULL
            %2$s     ORDER BY started_at DESC, task_id DESC
                 LIMIT %4$d
            ), counts AS MATERIALIZED (
                SELECT value,
                       count(*) AS tasks
                  FROM (SELECT %3$s AS value
                          FROM newest) AS task
                 GROUP BY 1
            )
            SELECT counted.counted_tasks,
                   found.value,
                   found.tasks
              FROM (SELECT count(*)::integer AS counted_tasks
                      FROM newest) AS counted
              LEFT JOIN (SELECT value,
                                tasks
                           FROM counts
                          WHERE starts_with(lower(value), lower(?))
                            AND length(value) BETWEEN 1 AND %5$d
                          ORDER BY tasks DESC, value
                          LIMIT %6$d) AS found
                ON true
             ORDER BY found.tasks DESC, found.value
            """;

    private static final RecordMapper<ValueCount> VALUE = RecordMapper.of(ValueCount.class);

    private final Database database;

    public TaskValues(Database database) {
        this.database = database;
    }

    /** A field whose values are counted. */
    public enum Field {
        AGENT("agent", "value"),
        MODEL("model", "value"),
        DEVICE_ID("device_id", "value"),
        TAG("tags", "unnest(value)"),
        EXPERIMENT("experiment", "value");

        private final String column;
        private final String value;

        Field(String column, String value) {
            this.column = column;
            this.value = value;
        }
    }

    /** A value and the number of tasks that have it. */
    public record ValueCount(String value, long tasks) {}

    /**
     * The most frequent values.
     *
     * @param values at most {@value #MAX_VALUES}, by the number of tasks, the most frequent first
     * @param countedTasks the number of tasks that were read
     */
    public record Values(List<ValueCount> values, int countedTasks) {}

    /**
     * Returns the values that start with a text, ignoring case.
     *
     * @param owner null for the tasks of all owners
     * @param prefix empty for all values
     */
    public Values find(Field field, @Nullable String owner, String prefix) {
        Conditions ofOwner = new Conditions().and("owner = ?", owner);
        String sql = COUNT.formatted(field.column, ofOwner.sql(), field.value, MAX_TASKS, MAX_LENGTH, MAX_VALUES);
        return database.readInAutoCommit(session -> {
            List<ValueCount> values = new ArrayList<>();
            int[] countedTasks = {0};
            session.sql(sql, ofOwner, prefix).forEach(row -> {
                countedTasks[0] = row.getInt("counted_tasks");
                if (row.getString("value") != null) {
                    values.add(VALUE.map(row));
                }
            });
            return new Values(values, countedTasks[0]);
        });
    }
}
