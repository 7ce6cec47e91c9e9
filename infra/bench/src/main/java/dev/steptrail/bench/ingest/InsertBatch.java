package dev.steptrail.bench.ingest;

import dev.steptrail.bench.database.Postgres;
import dev.steptrail.bench.database.StepKey;
import dev.steptrail.bench.database.StoredRows;
import dev.steptrail.bench.database.Table;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Inserts by JDBC's batch, which the driver rewrites into inserts of many rows, and passes over what is there. How many rows were
 * written nobody learns, so it counts all, which is wrong.
 */
final class InsertBatch extends Alternative {
    InsertBatch(Postgres postgres, StoredRows rows) throws SQLException {
        super(postgres.connect("&reWriteBatchedInserts=true&stringtype=unspecified"), rows);
    }

    @Override
    public Prepared prepare(Batch batch) {
        List<StepKey> keys = keys(batch);
        List<List<@Nullable String>> steps =
                keys.stream().flatMap(key -> rows.of(Table.STEPS, key)).toList();
        List<List<@Nullable String>> screenshots =
                keys.stream().flatMap(key -> rows.of(Table.SCREENSHOTS, key)).toList();
        return () -> {
            insert(Table.STEPS, steps);
            insert(Table.SCREENSHOTS, screenshots);
            count(keys);
            connection.commit();
        };
    }

    private void insert(Table table, List<List<@Nullable String>> values) throws SQLException {
        String sql = "INSERT INTO %s (%s) VALUES (%s) ON CONFLICT DO NOTHING"
                .formatted(
                        table.tableName(),
                        table.columns(),
                        table.types().stream().map(type -> "?").collect(Collectors.joining(", ")));
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (List<@Nullable String> row : values) {
                for (int i = 0; i < row.size(); i++) {
                    statement.setString(i + 1, row.get(i));
                }
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }
}
