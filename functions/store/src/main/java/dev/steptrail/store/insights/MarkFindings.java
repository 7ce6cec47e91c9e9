package dev.steptrail.store.insights;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * What should somebody look at in these tasks? At most one finding a task and kind: it is made, changed, or removed where
 * there is no longer anything to find, and left alone where it says the same.
 */
final class MarkFindings {
    /**
     * Numbers that no step has, up to the last one that is known; the first 1000 of them. What the recorder said that it
     * dropped explains as many. They are compared with the numbers that were counted, since those of an archived task have no rows.
     */
    static final MarkFindings GAPS = new MarkFindings("gap", """
            SELECT t.task_id,
                   (SELECT array_agg(number ORDER BY number)
                      FROM (SELECT number::integer
                              FROM (SELECT numbers
                                      FROM unnest(missing) AS numbers
                                     ORDER BY numbers
                                     LIMIT 1000) AS ranges
                             CROSS JOIN generate_series(lower(numbers),
                                                        least(upper(numbers), lower(numbers) + 1000) - 1) AS number
                             ORDER BY number
                             LIMIT 1000) AS firsts)                                        AS steps,
                   jsonb_build_object('total', (SELECT sum(upper(numbers) - lower(numbers))
                                                  FROM unnest(missing) AS numbers),
                                      'dropped_steps', t.dropped_steps)                    AS detail
              FROM tasks AS t
              JOIN task_looks AS l USING (task_id)
             CROSS JOIN LATERAL (SELECT CASE
                                            WHEN t.deleted_at IS NULL
                                            THEN int8multirange(int8range(1, greatest(upper(l.numbers),
                                                                                      t.last_step_number::bigint + 1,
                                                                                      1))) - l.numbers
                                            ELSE '{}'
                                        END AS missing) AS m
             WHERE t.task_id = ANY (?)
            """);

    /**
     * Steps taken before the one whose number goes before theirs, by the recorder's clock; the first 1000 of them, and by how
     * much at most. The rows of an archived task are gone, so what was found of it stays.
     */
    static final MarkFindings BACKWARD_CLOCKS = new MarkFindings("clock_backwards", """
            SELECT t.task_id,
                   b.steps,
                   b.detail
              FROM tasks AS t
             CROSS JOIN LATERAL (SELECT (array_agg(step_number ORDER BY step_number))[1:1000]      AS steps,
                                        jsonb_build_object(
                                            'total', count(*),
                                            'largest_ms', ceil(extract(epoch FROM max(back)) * 1000)) AS detail
                                   FROM (SELECT step_number,
                                                lag(created_at) OVER (ORDER BY step_number) - created_at AS back
                                           FROM task_steps
                                          WHERE task_id = t.task_id
                                         OFFSET 0) AS pairs
                                  WHERE back > interval '0') AS b
             WHERE t.task_id = ANY (?)
               AND t.status <> 'archived'
            """);

    private static final String SQL = """
            WITH found AS MATERIALIZED (
            %s
            ), removed AS (
                DELETE FROM findings AS f
                 USING found
                 WHERE f.task_id = found.task_id
                   AND f.kind = ?
                   AND (f.steps, f.detail) IS DISTINCT FROM (found.steps, found.detail)
                RETURNING found.steps IS NULL AS is_cleared
            ), made AS (
                INSERT INTO findings (task_id, kind, steps, detail)
                SELECT task_id, ?, steps, detail
                  FROM found
                 WHERE steps IS NOT NULL
                   AND NOT EXISTS (SELECT
                                     FROM findings AS f
                                    WHERE f.task_id = found.task_id
                                      AND f.kind = ?
                                      AND f.steps = found.steps
                                      AND f.detail = found.detail)
                RETURNING 1
            )
            SELECT (SELECT count(*) FROM made)                      AS marked,
                   (SELECT count(*) FROM removed WHERE is_cleared) AS cleared
            """;

    private final String kind;
    private final String sql;

    /** @param found asks, of each task that it can judge, for its steps, null where there is nothing to find, and the detail */
    private MarkFindings(String kind, String found) {
        this.kind = kind;
        this.sql = SQL.formatted(found.stripTrailing().indent(4).stripTrailing());
    }

    /**
     * How many there were.
     *
     * @param marked made or changed
     * @param cleared removed, since there is nothing to find any more
     */
    record Marks(long marked, long cleared) {}

    Marks in(Connection connection, Array tasks) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, tasks);
            statement.setString(2, kind);
            statement.setString(3, kind);
            statement.setString(4, kind);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Marks(row.getLong("marked"), row.getLong("cleared"));
            }
        }
    }
}
