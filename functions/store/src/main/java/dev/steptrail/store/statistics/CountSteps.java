package dev.steptrail.store.statistics;

import dev.steptrail.store.jdbc.Columns;
import dev.steptrail.store.model.StepOutcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;

/**
 * Adds the steps that were not counted yet to the statistics of their tasks, and remembers their numbers. A step counts once,
 * whatever becomes of its row: archived, restored, or followed by one that came late.
 */
public final class CountSteps {
    /** One statement, so that what is added up and what is remembered are the same steps, though others arrive meanwhile. */
    private static final String SQL = """
            WITH looked AS (
                SELECT n.task_id,
                       n.news_at,
                       coalesce(l.numbers, '{}') + '{}'::int8multirange AS numbers -- unpacked here, and not for each step
                  FROM unnest(?::uuid[], ?::timestamptz[]) AS n (task_id, news_at)
                  LEFT JOIN task_looks AS l USING (task_id)
            ), fresh AS (
                SELECT s.*
                  FROM looked
                 CROSS JOIN LATERAL (SELECT task_id,
                                            step_number::bigint                  AS number,
                                            (created_at AT TIME ZONE 'UTC')::date AS day,
                                            step_type,
                                            %s AS went_well,
                                            duration_ms
                                       FROM task_steps
                                      WHERE task_id = looked.task_id
                                        AND NOT step_number::bigint <@ looked.numbers
                                     OFFSET 0) AS s
            ), added AS (
                INSERT INTO task_stats_daily AS d
                SELECT task_id,
                       day,
                       step_type,
                       count(*),
                       count(*) FILTER (WHERE went_well),
                       count(*) FILTER (WHERE NOT went_well),
                       coalesce(sum(duration_ms), 0)::bigint
                  FROM fresh
                 GROUP BY task_id, day, step_type
                ON CONFLICT (task_id, day, step_type) DO UPDATE
                    SET total_steps       = d.total_steps + excluded.total_steps,
                        successful_steps  = d.successful_steps + excluded.successful_steps,
                        failed_steps      = d.failed_steps + excluded.failed_steps,
                        total_duration_ms = d.total_duration_ms + excluded.total_duration_ms
            ), remembered AS (
                INSERT INTO task_looks AS l (task_id, news_at, numbers)
                SELECT looked.task_id,
                       looked.news_at,
                       looked.numbers + coalesce(f.numbers, '{}')
                  FROM looked
                  LEFT JOIN (SELECT task_id,
                                    range_agg(int8range(number, number, '[]')) AS numbers
                               FROM fresh
                              GROUP BY task_id) AS f USING (task_id)
                ON CONFLICT (task_id) DO UPDATE
                    SET news_at = excluded.news_at,
                        numbers = excluded.numbers
            )
            SELECT count(*)
              FROM fresh
            """.formatted(StepOutcome.WENT_WELL);

    private CountSteps() {}

    /** How many were added. */
    public static long in(Connection connection, Collection<FindNews.News> tasks) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(SQL)) {
            Columns<FindNews.News> columns = new Columns<>(statement, tasks);
            columns.set("uuid", FindNews.News::taskId);
            columns.set("timestamptz", FindNews.News::newsAt);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
