package dev.steptrail.bench.ingest;

import dev.steptrail.bench.database.CopyText;
import dev.steptrail.bench.database.Postgres;
import dev.steptrail.bench.database.StepKey;
import dev.steptrail.bench.database.StoredRows;
import dev.steptrail.bench.database.Table;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** Looks up which steps are there, writes the others by COPY, locks the tasks and counts. */
final class LookUpAndCopy extends Alternative {
    private static final String LOCK = """
            SELECT 1
              FROM tasks
             WHERE task_id = ANY (?)
             ORDER BY task_id
               FOR %s
            """;

    private static final String LOOK_UP = """
            SELECT s.task_id,
                   s.step_number
              FROM unnest(?::uuid[], ?::integer[], ?::integer[]) AS k (task_id, first, last)
             CROSS JOIN LATERAL (SELECT task_id,
                                        step_number
                                   FROM task_steps
                                  WHERE task_id = k.task_id
                                    AND step_number BETWEEN k.first AND k.last
                                 OFFSET 0) AS s
            """;

    LookUpAndCopy(Postgres postgres, StoredRows rows) throws SQLException {
        super(postgres.connect(), rows);
    }

    @Override
    public Prepared prepare(Batch batch) {
        List<StepKey> all = keys(batch);
        List<StepKey> fresh =
                batch.fresh().stream().flatMap(Batch.Message::keys).toList();
        CopyText steps = CopyText.of(Table.STEPS, fresh.stream().flatMap(key -> rows.of(Table.STEPS, key)));
        CopyText screenshots =
                CopyText.of(Table.SCREENSHOTS, fresh.stream().flatMap(key -> rows.of(Table.SCREENSHOTS, key)));
        return () -> {
            lock(all, "KEY SHARE");
            Set<StepKey> there = lookUp(batch);
            if (there.size() + fresh.size() != all.size()) {
                throw new IllegalStateException("steps are there that nobody wrote");
            }
            steps.copyTo(Table.STEPS.tableName(), connection);
            screenshots.copyTo(Table.SCREENSHOTS.tableName(), connection);
            lock(all, "NO KEY UPDATE");
            count(fresh);
            connection.commit();
        };
    }

    private void lock(List<StepKey> keys, String strength) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOCK.formatted(strength))) {
            statement.setArray(
                    1, array("uuid", keys.stream().map(StepKey::task).distinct().toList()));
            statement.executeQuery().close();
        }
    }

    /** A message is a run of steps, which one look at the index finds. */
    private Set<StepKey> lookUp(Batch batch) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOOK_UP)) {
            statement.setArray(
                    1, array("uuid", batch.messages().map(Batch.Message::task).toList()));
            statement.setArray(
                    2,
                    array("integer", batch.messages().map(Batch.Message::first).toList()));
            statement.setArray(
                    3,
                    array("integer", batch.messages().map(Batch.Message::last).toList()));
            return found(statement);
        }
    }
}
