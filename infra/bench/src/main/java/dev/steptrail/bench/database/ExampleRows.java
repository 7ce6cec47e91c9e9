package dev.steptrail.bench.database;

import dev.steptrail.bench.database.ExampleTasks.Range;
import dev.steptrail.stepformat.UuidV7;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postgresql.PGConnection;

/**
 * A table with rows of steps. A second table, whose name starts with {@code example_}, contains the rows of the example
 * steps as the ingest handler wrote them, so that other writers write the same rows.
 */
enum ExampleRows {
    STEPS("task_steps", """
        step_type, step_data, thinking, action_result, screenshot_path, duration_ms, success, error_message, created_at\
        """),
    SCREENSHOTS("step_screenshots", """
        screenshot_index, role, screenshot_path, file_hash, file_size, original_size, width, height, format,
        compressed, sensitive, redacted_regions, perceptual_hash, thumbnail_path, captured_at, metadata\
        """);

    private final String tableName;
    private final String valueColumns;

    ExampleRows(String tableName, String valueColumns) {
        this.tableName = tableName;
        this.valueColumns = valueColumns;
    }

    /** Creates the tables with example rows, and deletes all tasks. */
    static void create(PostgresServer postgres) throws Exception {
        UUID task = UuidV7.at(Instant.now());
        List<Range> messages = IntStream.range(0, ExampleTasks.DISTINCT / ExampleTasks.STEPS_PER_MESSAGE)
                .mapToObj(i -> 1 + i * ExampleTasks.STEPS_PER_MESSAGE)
                .map(first -> new Range(task, first, ExampleTasks.STEPS_PER_MESSAGE))
                .toList();
        BatchWriter.handler(postgres).prepare(messages).call();
        for (ExampleRows table : values()) {
            String name = "example_" + table.tableName;
            postgres.execute("CREATE TABLE " + name + " AS SELECT step_number AS example_number, " + table.valueColumns
                    + " FROM " + table.tableName);
            postgres.execute("ANALYZE " + name + "; GRANT SELECT ON " + name + " TO PUBLIC");
        }
        postgres.deleteAllTasks();
    }

    /** Returns the columns that the ingest writer fills, as an SQL list. */
    String columns() {
        return "task_id, step_number, " + valueColumns;
    }

    /**
     * Returns SQL that inserts the rows of consecutive steps of some tasks.
     *
     * @param tasks SQL that selects the id of each task, the number of its first step, and that of its last step
     */
    String insert(String tasks) {
        return "INSERT INTO " + tableName + " (" + columns() + ") " + select(tasks);
    }

    private String select(String tasks) {
        return """
            SELECT task_id, number, %s
              FROM (%s) AS task (task_id, first, last)
             CROSS JOIN generate_series(first, last) AS number
              JOIN example_%s ON example_number = (number - 1) %% %d + 1
            """.formatted(valueColumns, tasks, tableName, ExampleTasks.DISTINCT);
    }

    /** Creates the COPY text of these steps, and returns a call that writes it in the connection's transaction. */
    Callable<Long> prepareCopy(List<Range> ranges, Connection connection) throws SQLException, IOException {
        String tasks = ranges.stream()
                .map(range -> "('%s'::uuid, %d, %d)"
                        .formatted(range.task(), range.first(), range.first() + range.steps() - 1))
                .collect(Collectors.joining(", ", "VALUES ", ""));
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        connection.unwrap(PGConnection.class).getCopyAPI().copyOut("COPY (" + select(tasks) + ") TO STDOUT", text);
        byte[] bytes = text.toByteArray();
        String sql = "COPY %s (%s) FROM STDIN".formatted(tableName, columns());
        return () -> connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql, new ByteArrayInputStream(bytes));
    }
}
