package dev.steptrail.bench.ingest;

import dev.steptrail.bench.database.StepKey;
import dev.steptrail.bench.database.StoredRows;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** A way to write steps of which some may be there already, in SQL alone: the base of {@link Alternatives}. */
abstract class Alternative implements Writer {
    private static final String COUNTERS = """
            UPDATE tasks AS t
               SET total_steps = t.total_steps + c.steps,
                   received_at = now()
              FROM unnest(?::uuid[], ?::integer[]) AS c (task_id, steps)
             WHERE t.task_id = c.task_id
            """;

    final Connection connection;
    final StoredRows rows;

    Alternative(Connection connection, StoredRows rows) {
        this.connection = connection;
        this.rows = rows;
    }

    /** All keys of the batch, those that came before too, in their order, so that two writers do not deadlock. */
    static List<StepKey> keys(Batch batch) {
        return batch.messages()
                .flatMap(Batch.Message::keys)
                .sorted((one, other) -> one.task().equals(other.task())
                        ? Integer.compare(one.number(), other.number())
                        : one.task().toString().compareTo(other.task().toString()))
                .toList();
    }

    /** Values as an array. */
    final Array array(String type, Collection<?> values) throws SQLException {
        return connection.createArrayOf(type, values.toArray());
    }

    /** The steps that a statement names. */
    static Set<StepKey> found(PreparedStatement statement) throws SQLException {
        Set<StepKey> found = new HashSet<>();
        try (ResultSet keys = statement.executeQuery()) {
            while (keys.next()) {
                found.add(new StepKey(keys.getObject(1, UUID.class), keys.getInt(2)));
            }
        }
        return found;
    }

    final void count(Collection<StepKey> written) throws SQLException {
        Map<UUID, Integer> counts = written.stream().collect(Collectors.toMap(StepKey::task, key -> 1, Integer::sum));
        try (PreparedStatement statement = connection.prepareStatement(COUNTERS)) {
            statement.setArray(1, array("uuid", counts.keySet()));
            statement.setArray(2, array("integer", counts.values()));
            statement.executeUpdate();
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
