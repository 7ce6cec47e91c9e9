package dev.steptrail.bench.ingest;

import dev.steptrail.bench.database.Postgres;
import dev.steptrail.bench.database.StepKey;
import dev.steptrail.bench.database.StoredRows;
import dev.steptrail.bench.database.Table;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Inserts from an array a column, passes over what is there, and counts what came back. */
final class InsertFromArrays extends Alternative {
    InsertFromArrays(Postgres postgres, StoredRows rows) throws SQLException {
        super(postgres.connect(), rows);
    }

    @Override
    public Prepared prepare(Batch batch) throws SQLException {
        List<StepKey> keys = keys(batch);
        List<Array> steps = arrays(Table.STEPS, keys);
        List<Array> screenshots = arrays(Table.SCREENSHOTS, keys);
        return () -> {
            count(insert(Table.STEPS, steps));
            insert(Table.SCREENSHOTS, screenshots);
            connection.commit();
        };
    }

    private List<Array> arrays(Table table, List<StepKey> keys) throws SQLException {
        List<List<@Nullable String>> values =
                keys.stream().flatMap(key -> rows.of(table, key)).toList();
        List<Array> arrays = new ArrayList<>();
        for (int i = 0; i < table.types().size(); i++) {
            int column = i;
            arrays.add(connection.createArrayOf(
                    "text", values.stream().map(row -> row.get(column)).toArray()));
        }
        return arrays;
    }

    private Set<StepKey> insert(Table table, List<Array> arrays) throws SQLException {
        String types = table.types().stream().map(type -> "?::" + type + "[]").collect(Collectors.joining(", "));
        String sql = """
                INSERT INTO %s (%s)
                SELECT *
                  FROM unnest(%s)
                ON CONFLICT DO NOTHING
                RETURNING task_id,
                          step_number
                """.formatted(table.tableName(), table.columns(), types);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arrays.size(); i++) {
                statement.setArray(i + 1, arrays.get(i));
            }
            return found(statement);
        }
    }
}
