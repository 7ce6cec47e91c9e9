package dev.steptrail.store.insights;

import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.RecordMapper;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.UUID;

/** A problem in the recorded data of a task. A task has at most one finding of each kind. */
public enum DataProblem {
    /**
     * Missing step numbers, up to the highest known number; the first 1000. {@code dropped_steps} is the number of
     * steps that the recorder dropped. Uses counted numbers, because steps of an archived task have no rows.
     */
    GAP("gap", """
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
              JOIN task_processing AS p USING (task_id)
             CROSS JOIN LATERAL (SELECT CASE
                                            WHEN t.deleted_at IS NULL
                                            THEN int8multirange(int8range(1, greatest(upper(p.counted_steps),
                                                                                      t.last_step_number::bigint + 1,
                                                                                      1))) - p.counted_steps
                                            ELSE '{}'
                                        END AS missing) AS m
             WHERE t.task_id = ANY (?)
            """),

    /**
     * Steps with an earlier timestamp than the previous step; the first 1000, and the largest difference. The finding
     * of an archived task is kept, because its rows were deleted.
     */
    CLOCK_BACKWARDS("clock_backwards", """
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
                                            AND t.deleted_at IS NULL
                                         OFFSET 0) AS pairs
                                  WHERE back > interval '0') AS b
             WHERE t.task_id = ANY (?)
               AND t.status <> 'archived'
            """),

    /** Step numbers that have screenshots but no step, the first 1000. No foreign key prevents this. */
    SCREENSHOT_WITHOUT_STEP("screenshot_without_step", """
            SELECT t.task_id,
                   o.steps,
                   o.detail
              FROM tasks AS t
             CROSS JOIN LATERAL (SELECT (array_agg(step_number ORDER BY step_number))[1:1000]      AS steps,
                                        jsonb_build_object('total', sum(screenshots))              AS detail
                                   FROM (SELECT step_number,
                                                count(*) AS screenshots
                                           FROM step_screenshots AS s
                                          WHERE task_id = t.task_id
                                            AND t.deleted_at IS NULL
                                            AND NOT EXISTS (SELECT
                                                              FROM task_steps
                                                             WHERE task_id = t.task_id
                                                               AND step_number = s.step_number)
                                          GROUP BY step_number) AS orphans) AS o
             WHERE t.task_id = ANY (?)
            """);

    private static final String UPDATE = """
            WITH found AS MATERIALIZED (
            %1$s
            ), removed AS (
                DELETE FROM findings AS f
                 USING found
                 WHERE f.task_id = found.task_id
                   AND f.kind = '%2$s'
                   AND found.steps IS NULL
                RETURNING 1
            ), changed AS (
                INSERT INTO findings AS f (task_id, kind, steps, detail)
                SELECT task_id, '%2$s', steps, detail
                  FROM found
                 WHERE steps IS NOT NULL
                ON CONFLICT (task_id, kind) DO UPDATE
                    SET steps    = excluded.steps,
                        detail   = excluded.detail,
                        found_at = excluded.found_at
                  WHERE (f.steps, f.detail) IS DISTINCT FROM (excluded.steps, excluded.detail)
                RETURNING 1
            )
            SELECT (SELECT count(*) FROM changed) AS marked,
                   (SELECT count(*) FROM removed) AS cleared
            """;

    private static final RecordMapper<FindingChanges> CHANGES = RecordMapper.of(FindingChanges.class);

    private final String kind;
    private final String sql;

    /** @param query selects task_id, steps (null if there is no problem) and detail of the tasks that can be checked */
    DataProblem(String kind, String query) {
        this.kind = kind;
        this.sql = UPDATE.formatted(query.stripTrailing().indent(4).stripTrailing(), kind);
    }

    /** Returns the value of {@code findings.kind}. */
    public String kind() {
        return kind;
    }

    /**
     * The numbers of changed findings.
     *
     * @param marked inserted or updated findings
     * @param cleared findings that were deleted because the task no longer has the problem
     */
    public record FindingChanges(long marked, long cleared) {}

    /** Updates the findings of these tasks, with a timeout per statement. */
    public FindingChanges update(Database database, Duration timeout, Collection<UUID> tasks) {
        return database.inTransaction(timeout, session -> update(session, tasks));
    }

    FindingChanges update(Session session, Collection<UUID> tasks) throws SQLException {
        return session.sql(sql, Sql.array("uuid", tasks)).single(CHANGES);
    }
}
