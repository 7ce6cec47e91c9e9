package dev.steptrail.store.statistics;

import dev.steptrail.store.jdbc.Columns;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Adds to {@code task_measures_daily}, many rows at a time. It holds {@value #MOST} of them at most, whatever days, types and actions steps name. One at a
 * time may add. Not thread-safe.
 */
final class TaskMeasures {
    private static final int MOST = 500;

    /** What is there is taken out, and put back with what is added. */
    private static final String TAKE_OUT = """
            DELETE FROM task_measures_daily AS d
             USING unnest(?::uuid[], ?::date[], ?::text[], ?::text[]) AS k (task_id, day, step_type, action)
             WHERE d.task_id = k.task_id
               AND d.day = k.day
               AND d.step_type = k.step_type
               AND d.action = k.action
            RETURNING d.*
            """;

    private static final String PUT = """
            INSERT INTO task_measures_daily
                   (task_id, day, step_type, action, %s)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """.formatted(StepMeasures.COLUMNS);

    private final Connection connection;
    private final Map<Key, StepMeasures> held = new HashMap<>();

    TaskMeasures(Connection connection) {
        this.connection = connection;
    }

    /** Which row. */
    record Key(UUID taskId, LocalDate day, String stepType, String action) {
        static Key of(UUID taskId, ResultSet row) throws SQLException {
            return new Key(
                    taskId, row.getObject("day", LocalDate.class), row.getString("step_type"), row.getString("action"));
        }
    }

    /** What is added to this row, until the next one is asked for. */
    StepMeasures of(Key key) throws SQLException {
        if (held.size() == MOST && !held.containsKey(key)) {
            write();
        }
        return held.computeIfAbsent(key, row -> new StepMeasures());
    }

    /** Writes what was added. */
    void write() throws SQLException {
        if (held.isEmpty()) {
            return;
        }
        addWhatIsThere();
        try (PreparedStatement statement = connection.prepareStatement(PUT)) {
            for (Map.Entry<Key, StepMeasures> row : held.entrySet()) {
                Key key = row.getKey();
                statement.setObject(1, key.taskId());
                statement.setObject(2, key.day());
                statement.setString(3, key.stepType());
                statement.setString(4, key.action());
                row.getValue().bind(statement, 5);
                statement.addBatch();
            }
            statement.executeBatch();
        }
        held.clear();
    }

    private void addWhatIsThere() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TAKE_OUT)) {
            Columns<Key> columns = new Columns<>(statement, held.keySet());
            columns.set("uuid", Key::taskId);
            columns.set("date", Key::day);
            columns.set("text", Key::stepType);
            columns.set("text", Key::action);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    of(Key.of(rows.getObject("task_id", UUID.class), rows)).add(rows);
                }
            }
        }
    }
}
