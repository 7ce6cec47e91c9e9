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

/** The minimal prepared statements for each read of the API. They fetch the same columns as the API. */
public final class BaselineReads {
    private static final String STEPS = """
        SELECT %s
          FROM task_steps
         WHERE task_id = ?
           AND step_number > ?
         ORDER BY step_number
         LIMIT ?
        """.formatted(ExampleRows.Table.STEPS.columns());

    private static final String SCREENSHOTS = """
        SELECT %s
          FROM step_screenshots
         WHERE task_id = ?
           AND step_number BETWEEN ? AND ?
         ORDER BY step_number, screenshot_index
        """.formatted(ExampleRows.Table.SCREENSHOTS.columns());

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
        SELECT id, task_id, name, value, score, source, judge, evaluator_version, author, reason, judged_at
          FROM verdicts
         WHERE task_id = ?
           AND deleted_at IS NULL
         ORDER BY judged_at DESC, id DESC
         LIMIT 1000
        """;

    private static final String LABELS = """
        SELECT step_number, label, author, labelled_at
          FROM step_labels
         WHERE task_id = ?
         ORDER BY step_number, label
         LIMIT 1000
        """;

    private static final String NOTES = """
        SELECT id, step_number, author, text, created_at, edited_at
          FROM notes
         WHERE task_id = ?
         ORDER BY id
         LIMIT 1000
        """;

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
        SELECT task_id, owner, name, description, agent, model, device_id, status, message, end_reason,
               previous_task_id, start_received, started_at, ended_at, last_step_at, last_step_number, received_at,
               total_steps, successful_steps, failed_steps, total_duration_ms, dropped_steps, dropped_screenshots,
               conflicting_steps, keep, revision, losses, metadata, experiment, case_id, repeat, attributes, tags, verdict,
               verdict_source, claimed_success, success, extra_start_fields, extra_end_fields
          FROM tasks
         WHERE owner = ?
           AND deleted_at IS NULL
         ORDER BY started_at DESC, task_id DESC
         LIMIT 50
        """;

    /** The last screenshot of each of the first 50 tasks. */
    private static final String LAST_SCREENSHOTS = """
        SELECT last.*
          FROM unnest(?::uuid[]) AS t (task_id)
         CROSS JOIN LATERAL (SELECT task_id, step_number, screenshot_index, role, sensitive, screenshot_path, thumbnail_path,
                                    format
                               FROM step_screenshots
                              WHERE task_id = t.task_id
                              ORDER BY step_number DESC, screenshot_index DESC
                              LIMIT 1) AS last
        """;

    private static final String AUDIT = """
        INSERT INTO audit_log (caller, action, task_id, task_owner)
        VALUES ('reader', 'read', ?, '%s')
        """.formatted(Postgres.OWNER);

    private final Connection connection;

    /** @param connection in autocommit mode */
    public BaselineReads(Connection connection) {
        this.connection = connection;
    }

    /** Statements that run in sequence. Each call fetches every column of every row. */
    public static final class Read implements Callable<List<String>> {
        private final List<PreparedStatement> statements;

        private Read(PreparedStatement... statements) {
            this.statements = List.of(statements);
        }

        /**
         * Returns the non-null values.
         *
         * @throws IllegalStateException if a statement finds no row, which would make the comparison invalid
         */
        @Override
        public List<String> call() throws SQLException {
            List<String> values = new ArrayList<>();
            for (PreparedStatement statement : statements) {
                int previousSize = values.size();
                if (!statement.execute()) {
                    continue; // an INSERT returns no rows
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
                if (values.size() == previousSize) {
                    throw new IllegalStateException("a baseline statement found no row");
                }
            }
            return values;
        }
    }

    /** Prepares to read 50 steps after this step number with their screenshots, and to insert an audit row. */
    public Read page(UUID task, int after) throws SQLException {
        return new Read(
                statement(STEPS, task, after, 50),
                statement(SCREENSHOTS, task, after + 1, after + 50),
                statement(AUDIT, task));
    }

    /** Prepares to read the data of a report with its judgements and tokens, and to insert an audit row. */
    public Read report(UUID task) throws SQLException {
        return new Read(
                statement(REPORT_STEPS, task),
                statement(REPORT_SCREENSHOTS, task),
                statement(VERDICTS, task),
                statement(LABELS, task),
                statement(NOTES, task),
                usage(List.of(task)),
                statement(AUDIT, task));
    }

    /**
     * Prepares to read the first 50 tasks of {@link Postgres#OWNER}, with their tokens.
     *
     * @param withScreenshots whether to read the last screenshot of each task too
     */
    public Read tasks(boolean withScreenshots) throws SQLException {
        PreparedStatement list = statement(TASKS, Postgres.OWNER);
        List<UUID> listed = new ArrayList<>();
        try (ResultSet rows = list.executeQuery()) {
            while (rows.next()) {
                listed.add(rows.getObject("task_id", UUID.class));
            }
        }
        return withScreenshots
                ? new Read(list, usage(listed), statement(LAST_SCREENSHOTS, uuids(listed)))
                : new Read(list, usage(listed));
    }

    private PreparedStatement usage(List<UUID> tasks) throws SQLException {
        return statement(USAGE, uuids(tasks));
    }

    private Array uuids(List<UUID> ids) throws SQLException {
        return connection.createArrayOf("uuid", ids.toArray());
    }

    private PreparedStatement statement(String sql, Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }
}
