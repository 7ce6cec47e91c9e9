package dev.steptrail.bench.database;

import dev.steptrail.bench.database.ExampleTask.Range;
import dev.steptrail.stepformat.UuidV7;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postgresql.PGConnection;

/**
 * The rows of example steps in COPY text format, for any task. They are written by the ingest handler and read from the
 * database once, so that the baseline writes exactly the same rows.
 */
public final class ExampleRows {
    /** A table with rows of steps. */
    public enum Table {
        STEPS("task_steps", "task_id, step_number", """
            task_id, step_number, step_type, step_data, thinking, action_result, screenshot_path, duration_ms, success,
            error_message, created_at\
            """),
        SCREENSHOTS("step_screenshots", "task_id, step_number, screenshot_index", """
            task_id, step_number, screenshot_index, role, screenshot_path, file_hash, file_size, original_size, width,
            height, format, compressed, sensitive, redacted_regions, perceptual_hash, thumbnail_path, captured_at,
            metadata\
            """);

        private final String tableName;
        private final String key;
        private final String columns;

        Table(String tableName, String key, String columns) {
            this.tableName = tableName;
            this.key = key;
            this.columns = columns;
        }

        /** Returns the columns that the ingest writer fills, as an SQL list. */
        public String columns() {
            return columns;
        }
    }

    /** Lines in COPY text format, by table and index of the example step. They contain the id of the template task. */
    private final Map<Table, List<String>> lines = new EnumMap<>(Table.class);

    private static final int STEPS_PER_MESSAGE = 20;

    private final String templateId;

    private ExampleRows(UUID templateId) {
        this.templateId = templateId.toString();
    }

    /** Writes example steps, reads their rows, and deletes all tasks. */
    public static ExampleRows create(Postgres postgres) throws Exception {
        UUID templateId = UuidV7.at(Instant.now());
        List<Range> messages = IntStream.range(0, ExampleStep.DISTINCT / STEPS_PER_MESSAGE)
                .mapToObj(i -> new Range(templateId, 1 + i * STEPS_PER_MESSAGE, STEPS_PER_MESSAGE))
                .toList();
        BatchWriters.handler(postgres).prepare(messages).call();
        ExampleRows rows = new ExampleRows(templateId);
        try (Connection connection = postgres.connect()) {
            for (Table table : Table.values()) {
                rows.lines.put(table, rows.read(connection, table));
            }
        } finally {
            postgres.deleteAllTasks();
        }
        return rows;
    }

    /** Returns one string per step, which contains the step's rows in the table. */
    private List<String> read(Connection connection, Table table) throws SQLException, IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        String sql = "COPY (SELECT %s FROM %s WHERE task_id = '%s' ORDER BY %s) TO STDOUT"
                .formatted(table.columns, table.tableName, templateId, table.key);
        connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql, text);
        Map<Integer, String> rows = text.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.split("\t", 3))
                .collect(Collectors.groupingBy(
                        columns -> Integer.valueOf(columns[1]), // step_number
                        TreeMap::new,
                        Collectors.mapping(
                                columns -> columns[0] + "\t{step}\t" + columns[2] + "\n", Collectors.joining())));
        return List.copyOf(rows.values());
    }

    /** COPY text for one table. */
    public interface CopyText {
        /** Writes the rows in the connection's transaction. */
        void send(Connection connection) throws SQLException;
    }

    /** Returns the COPY text of consecutive steps of some tasks. */
    public CopyText text(Table table, List<Range> ranges) {
        String text = ranges.stream()
                .flatMap(range -> IntStream.range(range.first(), range.first() + range.steps())
                        .mapToObj(number -> lines.getOrDefault(table, List.of())
                                .get((number - 1) % ExampleStep.DISTINCT)
                                .replace(templateId, range.task().toString())
                                .replace("{step}", String.valueOf(number))))
                .collect(Collectors.joining());
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        String sql = "COPY %s (%s) FROM STDIN".formatted(table.tableName, table.columns);
        return connection -> {
            try {
                connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql, new ByteArrayInputStream(bytes));
            } catch (IOException e) {
                throw new SQLException("failed to send the COPY text", e);
            }
        };
    }
}
