package dev.steptrail.store.statistics;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Makes days of a table of daily sums anew, of the rows that add up to them. These are read as they come, in the order of the sums, so one
 * sum is held at a time.
 */
final class MergeDays<S extends MergeDays.Sum> {
    /** Names are cut as {@link RebuildDays} cuts them. */
    private static final String GROUP = """
            t.owner,
                   left(coalesce(t.agent, ''), 80)     AS agent,
                   left(coalesce(t.model, ''), 80)     AS model,
                   left(coalesce(t.device_id, ''), 80) AS device_id""";

    static final MergeDays<StepMeasures> ACTIONS = new MergeDays<>(
            "action_measures_daily",
            List.of("day", "owner", "agent", "model", "device_id", "step_type", "action"),
            """
            SELECT d.day,
                   %s,
                   d.step_type,
                   d.action,
                   d.*
              FROM task_measures_daily AS d
              JOIN tasks AS t USING (task_id)
             WHERE d.day = ANY (?)
             ORDER BY 1, 2, 3, 4, 5, 6, 7
            """.formatted(GROUP),
            StepMeasures.COLUMNS,
            StepMeasures::new,
            StepMeasures::add);

    /** Once these days of {@link #ACTIONS} are made. */
    static final MergeDays<StepMeasures> MEASURES = new MergeDays<>(
            "step_measures_daily",
            List.of("day", "owner", "agent", "model", "device_id", "step_type"),
            """
            SELECT day, owner, agent, model, device_id, step_type, %s
              FROM action_measures_daily
             WHERE day = ANY (?)
             ORDER BY 1, 2, 3, 4, 5, 6
            """.formatted(StepMeasures.COLUMNS),
            StepMeasures.COLUMNS,
            StepMeasures::new,
            StepMeasures::add);

    /** Of an archived run it tells the status that it had before. */
    static final MergeDays<RunMeasures> RUNS = new MergeDays<>(
            "run_stats_daily",
            List.of("day", "owner", "agent", "model", "device_id", "ending"),
            """
            SELECT r.run_day,
                   %s,
                   coalesce(t.ending, r.status)                                                       AS ending,
                   r.status,
                   t.total_steps,
                   CASE WHEN r.status <> 'running'
                        THEN greatest(extract(epoch FROM t.ended_at - t.started_at) * 1000, 0)::bigint
                   END                                                                                AS duration_ms
              FROM task_looks AS l
              JOIN tasks AS t USING (task_id)
             CROSS JOIN LATERAL (SELECT l.run_day,
                                        CASE t.status
                                            WHEN 'archived' THEN coalesce(t.archived_status, t.status)
                                            ELSE t.status
                                        END AS status) AS r
             WHERE l.run_day = ANY (?)
               AND t.deleted_at IS NULL
             ORDER BY 1, 2, 3, 4, 5, 6
            """.formatted(GROUP),
            RunMeasures.COLUMNS,
            RunMeasures::new,
            RunMeasures::addRun);

    private static final int ROWS_AT_ONCE = 500;

    private final String clear;
    private final int keys;
    private final String parts;
    private final String put;
    private final Supplier<S> none;
    private final Adder<S> adder;

    /**
     * @param keys the columns that tell the sums apart, the first of them a day, the others text
     * @param parts asks for rows that begin with the keys, in their order
     * @param columns the columns of a sum
     */
    private MergeDays(String table, List<String> keys, String parts, String columns, Supplier<S> none, Adder<S> adder) {
        this.clear = "DELETE FROM " + table + " WHERE day = ANY (?)";
        this.keys = keys.size();
        this.parts = parts;
        this.put = "INSERT INTO %s (%s, %s) VALUES (?%s)"
                .formatted(
                        table,
                        String.join(", ", keys),
                        columns,
                        ", ?".repeat(keys.size() + columns.split(",", -1).length - 1));
        this.none = none;
        this.adder = adder;
    }

    /** What rows add up to. */
    interface Sum {
        /** Binds its columns, from this parameter on. */
        void bind(PreparedStatement statement, int first) throws SQLException;
    }

    /** Adds a row to a sum. */
    interface Adder<S> {
        void add(S sum, ResultSet row) throws SQLException;
    }

    void in(Connection connection, Array days) throws SQLException {
        try (PreparedStatement deleting = connection.prepareStatement(clear);
                PreparedStatement reading = connection.prepareStatement(parts);
                PreparedStatement putting = connection.prepareStatement(put)) {
            deleting.setArray(1, days);
            deleting.executeUpdate();
            reading.setArray(1, days);
            reading.setFetchSize(ROWS_AT_ONCE);
            try (ResultSet rows = reading.executeQuery()) {
                merge(rows, putting);
            }
        }
    }

    private void merge(ResultSet rows, PreparedStatement putting) throws SQLException {
        List<Object> key = List.of();
        S sum = none.get();
        int waiting = 0;
        while (rows.next()) {
            List<Object> next = key(rows);
            if (!next.equals(key)) {
                waiting = put(key, sum, putting, waiting);
                key = next;
                sum = none.get();
            }
            adder.add(sum, rows);
        }
        put(key, sum, putting, waiting);
        putting.executeBatch();
    }

    private List<Object> key(ResultSet row) throws SQLException {
        List<Object> key = new ArrayList<>(keys);
        key.add(row.getObject(1, LocalDate.class));
        for (int column = 2; column <= keys; column++) {
            key.add(row.getString(column));
        }
        return key;
    }

    /** How many wait to be sent then. */
    private int put(List<Object> key, S sum, PreparedStatement putting, int waiting) throws SQLException {
        if (key.isEmpty()) {
            return waiting;
        }
        for (int column = 0; column < keys; column++) {
            putting.setObject(column + 1, key.get(column));
        }
        sum.bind(putting, keys + 1);
        putting.addBatch();
        if (waiting + 1 < ROWS_AT_ONCE) {
            return waiting + 1;
        }
        putting.executeBatch();
        return 0;
    }
}
