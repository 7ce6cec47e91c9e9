package dev.steptrail.bench.ingest;

import dev.steptrail.bench.database.CopyText;
import dev.steptrail.bench.database.Postgres;
import dev.steptrail.bench.database.StepKey;
import dev.steptrail.bench.database.StoredRows;
import dev.steptrail.bench.database.Table;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The peer: the same rows into the same tables by text COPY, and a commit. The text is ready; what came before is not in it. */
final class CopyWriter implements Writer {
    private final Connection connection;
    private final StoredRows rows;

    CopyWriter(Postgres postgres, StoredRows rows) throws SQLException {
        this.connection = postgres.connect();
        this.rows = rows;
    }

    @Override
    public Prepared prepare(Batch batch) {
        List<StepKey> keys = batch.fresh().stream().flatMap(Batch.Message::keys).toList();
        CopyText steps = CopyText.of(Table.STEPS, keys.stream().flatMap(key -> rows.of(Table.STEPS, key)));
        CopyText screenshots =
                CopyText.of(Table.SCREENSHOTS, keys.stream().flatMap(key -> rows.of(Table.SCREENSHOTS, key)));
        return () -> {
            steps.copyTo(Table.STEPS.tableName(), connection);
            screenshots.copyTo(Table.SCREENSHOTS.tableName(), connection);
            connection.commit();
        };
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
