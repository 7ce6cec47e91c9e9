package dev.steptrail.bench.ingest;

import dev.steptrail.bench.database.CopyText;
import dev.steptrail.bench.database.Postgres;
import dev.steptrail.bench.database.StepKey;
import dev.steptrail.bench.database.StoredRows;
import dev.steptrail.bench.database.Table;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;

/**
 * Writes all by COPY into temporary tables, inserts from there, passes over what is there, and counts what came back. The
 * tables last as long as the transaction: a pooler keeps nothing longer.
 */
final class CopyAndInsert extends Alternative {
    CopyAndInsert(Postgres postgres, StoredRows rows) throws SQLException {
        super(postgres.connect(), rows);
    }

    @Override
    public Prepared prepare(Batch batch) {
        List<StepKey> keys = keys(batch);
        CopyText steps = CopyText.of(Table.STEPS, keys.stream().flatMap(key -> rows.of(Table.STEPS, key)));
        CopyText screenshots =
                CopyText.of(Table.SCREENSHOTS, keys.stream().flatMap(key -> rows.of(Table.SCREENSHOTS, key)));
        return () -> {
            count(insert(Table.STEPS, steps));
            insert(Table.SCREENSHOTS, screenshots);
            connection.commit();
        };
    }

    private Set<StepKey> insert(Table table, CopyText text) throws SQLException {
        String staged = "staged_" + table.tableName();
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TEMPORARY TABLE %s (LIKE %s) ON COMMIT DROP".formatted(staged, table.tableName()));
        }
        text.copyTo(staged, connection);
        String sql = """
                INSERT INTO %s (%s)
                SELECT %s
                  FROM %s
                ON CONFLICT DO NOTHING
                RETURNING task_id,
                          step_number
                """.formatted(table.tableName(), table.columns(), table.columns(), staged);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            return found(statement);
        }
    }
}
