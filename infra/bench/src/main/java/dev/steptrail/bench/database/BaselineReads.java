package dev.steptrail.bench.database;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;

/**
 * The minimal prepared statements for each read of the API. They fetch the same columns as the API, or all columns
 * where those that the API does not fetch are null.
 *
 * @param connection in autocommit mode
 */
record BaselineReads(Connection connection) {
    private static final String STEPS = """
        SELECT %s
          FROM task_steps
         WHERE task_id = ?
           AND step_number > ?
         ORDER BY step_number
         LIMIT 50
        """.formatted(ExampleRows.STEPS.columns());

    private static final String SCREENSHOTS = """
        SELECT %s
          FROM step_screenshots
         WHERE task_id = ?
           AND step_number BETWEEN ? AND ?
         ORDER BY step_number, screenshot_index
        """.formatted(ExampleRows.SCREENSHOTS.columns());

    private static final String REPORT_STEPS = """
        SELECT step_number, step_type, step_data, action_result, duration_ms, success, error_message, created_at,
               action_place
          FROM task_steps
         WHERE task_id = ?
        """;

    private static final String REPORT_SCREENSHOTS = """
        SELECT step_number, perceptual_hash, file_size
          FROM step_screenshots
         WHERE task_id = ?
           AND role = 'before'
         ORDER BY step_number, screenshot_index
        """;

    private static final String VERDICTS = """
        SELECT *
          FROM verdicts
         WHERE task_id = ?
           AND deleted_at IS NULL
         ORDER BY judged_at DESC, id DESC
         LIMIT 1000
        """;

    private static final String LABELS =
            "SELECT * FROM step_labels WHERE task_id = ? ORDER BY step_number, label LIMIT 1000";

    private static final String NOTES = "SELECT * FROM notes WHERE task_id = ? ORDER BY id LIMIT 1000";

    /** The tokens of tasks and their cost. */
    private static final String USAGE = """
        SELECT t.task_id, cost.currency, sum(u.input_tokens), sum(u.cached_tokens), sum(u.output_tokens),
               sum(cost.amount), sum(cost.unpriced_tokens)
          FROM tasks AS t
          JOIN task_usage AS u USING (task_id)
         CROSS JOIN LATERAL usage_cost(t.model, u.day, u.input_tokens, u.cached_tokens, u.output_tokens) AS cost
         WHERE t.task_id = ANY (?)
         GROUP BY t.task_id, cost.currency
        """;

    private static final String TASKS = """
        SELECT *
          FROM tasks
         WHERE owner = ?
           AND deleted_at IS NULL
         ORDER BY started_at DESC, task_id DESC
         LIMIT 50
        """;

    /** The last screenshot of each of the first 50 tasks. */
    private static final String LAST_SCREENSHOTS = """
        SELECT last.*
          FROM unnest(?) AS t (task_id)
         CROSS JOIN LATERAL (SELECT task_id, step_number, screenshot_index, role, sensitive, screenshot_path,
                                    thumbnail_path, format
                               FROM step_screenshots
                              WHERE task_id = t.task_id
                              ORDER BY step_number DESC, screenshot_index DESC
                              LIMIT 1) AS last
        """;

    private static final String AUDIT =
            "INSERT INTO audit_log (caller, action, task_id, task_owner) VALUES ('reader', 'read', ?, ?)";

    /** Prepares to read 50 steps after this step number with their screenshots, and to insert an audit row. */
    Callable<?> page(UUID task, int after) throws SQLException {
        return all(
                prepare(STEPS, task, after),
                prepare(SCREENSHOTS, task, after + 1, after + 50),
                prepare(AUDIT, task, PostgresServer.OWNER));
    }

    /** Prepares to read the data of a report with its judgements and tokens, and to insert an audit row. */
    Callable<?> report(UUID task) throws SQLException {
        return all(
                prepare(REPORT_STEPS, task),
                prepare(REPORT_SCREENSHOTS, task),
                prepare(VERDICTS, task),
                prepare(LABELS, task),
                prepare(NOTES, task),
                prepare(USAGE, array(task)),
                prepare(AUDIT, task, PostgresServer.OWNER));
    }

    /** Prepares to read the first 50 tasks of {@link PostgresServer#OWNER}, with their tokens. */
    Callable<?> tasks() throws SQLException {
        return all(prepare(TASKS, PostgresServer.OWNER), prepare(USAGE, findTasks()));
    }

    /** Prepares to read also the last screenshot of each task. */
    Callable<?> tasksWithScreenshots() throws SQLException {
        Array tasks = findTasks();
        return all(prepare(TASKS, PostgresServer.OWNER), prepare(USAGE, tasks), prepare(LAST_SCREENSHOTS, tasks));
    }

    private Array findTasks() throws SQLException {
        return array(fetchAll(prepare(TASKS.replace("*", "task_id"), PostgresServer.OWNER))
                .toArray());
    }

    private Array array(Object... tasks) throws SQLException {
        return connection.createArrayOf("uuid", tasks);
    }

    private PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }

    /** Returns a call that runs the statements in sequence and fetches every column of every row. */
    private static Callable<?> all(PreparedStatement... statements) {
        return () -> {
            List<String> values = new ArrayList<>();
            for (PreparedStatement statement : statements) {
                values.addAll(fetchAll(statement));
            }
            return values;
        };
    }

    /**
     * Returns the non-null values.
     *
     * @throws IllegalStateException if a statement finds no row, which would make the comparison invalid
     */
    private static List<String> fetchAll(PreparedStatement statement) throws SQLException {
        List<String> values = new ArrayList<>();
        if (!statement.execute()) {
            return values; // an INSERT returns no rows
        }
        try (ResultSet rows = statement.getResultSet()) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                for (int column = 1; column <= columns; column++) {
                    String value = rows.getString(column);
                    if (value != null) {
                        values.add(value);
                    }
                }
            }
        }
        if (values.isEmpty()) {
            throw new IllegalStateException("a baseline statement found no row");
        }
        return values;
    }
}
