package dev.steptrail.bench.database;

import dev.steptrail.aws.Settings;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.jdbc.Database;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * The rows of example steps in COPY text format, for any task. They are written by the ingest writer and read from the
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

    private final String templateId;

    private ExampleRows(UUID templateId) {
        this.templateId = templateId.toString();
    }

    /** Writes example steps, reads their rows, and deletes all tasks. */
    public static ExampleRows create(Postgres postgres) throws SQLException {
        UUID templateId = UuidV7.at(Instant.now());
        MessageBody body = ExampleTask.createMessage(templateId, 1, ExampleStep.DISTINCT);
        try (Database database = new Database(new Settings(postgres.settings()))) {
            new DatabaseStepWriter(database).write(List.of(ExampleTask.decode(body)));
        }
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
    private List<String> read(Connection connection, Table table) throws SQLException {
        List<StringBuilder> texts =
                Stream.generate(StringBuilder::new).limit(ExampleStep.DISTINCT).toList();
        String sql = "SELECT %s FROM %s WHERE task_id = '%s' ORDER BY %s"
                .formatted(table.columns, table.tableName, templateId, table.key);
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                StringBuilder text = texts.get(rows.getInt(2) - 1); // column 2 is step_number
                for (int column = 1; column <= columns; column++) {
                    text.append(column == 1 ? "" : "\t")
                            .append(column == 2 ? "{step}" : escape(rows.getString(column)));
                }
                text.append('\n');
            }
        }
        return texts.stream().map(StringBuilder::toString).toList();
    }

    private static String escape(@Nullable String value) {
        return value == null
                ? "\\N"
                : value.replace("\\", "\\\\")
                        .replace("\t", "\\t")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r");
    }

    /** COPY text for one table. */
    public interface CopyText {
        /** Writes the rows in the connection's transaction. */
        void send(Connection connection) throws SQLException;
    }

    /** Returns the COPY text of consecutive steps of some tasks. */
    public CopyText text(Table table, List<ExampleTask.Range> ranges) {
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
