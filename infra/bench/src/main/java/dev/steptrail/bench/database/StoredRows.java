package dev.steptrail.bench.database;

import dev.steptrail.aws.Settings;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.ingest.ReceivedMessage;
import dev.steptrail.store.jdbc.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rows that our writer makes of example steps, read from the database once; given to other tasks for others to write. */
public final class StoredRows {
    private final List<List<@Nullable String>> steps;
    private final List<List<@Nullable String>> screenshots;
    private final String template;

    private StoredRows(List<List<@Nullable String>> steps, List<List<@Nullable String>> screenshots, String template) {
        this.steps = steps;
        this.screenshots = screenshots;
        this.template = template;
    }

    /** Has the steps written, reads their rows, and leaves none. */
    public static StoredRows of(Postgres postgres) throws SQLException {
        UUID template = UuidV7.at(Instant.now());
        List<Step> examples = IntStream.rangeClosed(1, ExampleStep.DISTINCT)
                .mapToObj(number -> ExampleStep.of(template, number))
                .toList();
        MessageBody body =
                MessageCodec.encode(examples.stream().map(RecordCodec::encode).toList());
        List<MessageRecord> records =
                examples.stream().<MessageRecord>map(MessageRecord.Valid::new).toList();
        try (Database database = new Database(new Settings(postgres.settings()))) {
            new DatabaseStepWriter(database).write(List.of(new ReceivedMessage(Postgres.SENDER, body, records, null)));
        }
        try (Connection connection = postgres.connect()) {
            return new StoredRows(
                    read(connection, Table.STEPS, template),
                    read(connection, Table.SCREENSHOTS, template),
                    template.toString());
        } finally {
            postgres.empty();
        }
    }

    /** The rows of a step in that table. */
    public Stream<List<@Nullable String>> of(Table table, StepKey key) {
        List<List<@Nullable String>> rows = table == Table.STEPS ? steps : screenshots;
        int ofStep = rows.size() / ExampleStep.DISTINCT;
        int from = (key.number() - 1) % ExampleStep.DISTINCT * ofStep;
        return rows.subList(from, from + ofStep).stream().map(row -> moved(row, key));
    }

    private List<@Nullable String> moved(List<@Nullable String> row, StepKey key) {
        String task = key.task().toString();
        List<@Nullable String> moved = new ArrayList<>(row.size());
        row.forEach(value -> moved.add(value == null ? null : value.replace(template, task)));
        moved.set(1, String.valueOf(key.number()));
        return moved;
    }

    private static List<List<@Nullable String>> read(Connection connection, Table table, UUID task)
            throws SQLException {
        String sql = "SELECT %s FROM %s WHERE task_id = '%s' ORDER BY %s"
                .formatted(table.columns(), table.tableName(), task, table.key());
        List<List<@Nullable String>> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            int columns = found.getMetaData().getColumnCount();
            while (found.next()) {
                List<@Nullable String> row = new ArrayList<>(columns);
                for (int column = 1; column <= columns; column++) {
                    row.add(found.getString(column));
                }
                rows.add(row);
            }
        }
        return rows;
    }
}
