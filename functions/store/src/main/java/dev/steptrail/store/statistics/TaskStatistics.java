package dev.steptrail.store.statistics;

import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.jdbc.Sql;
import dev.steptrail.store.model.StepOutcome;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Adds new steps of tasks to {@code task_stats_daily}. {@code task_processing.counted_steps} contains their numbers, so
 * each step is added once, even if its row is archived and restored. Only one session at a time may add.
 *
 * <p>A step is a retry if the JSON text of its action equals that of the previous step, and the previous step failed.
 * The two are compared once both have arrived, if both have rows at that time.
 */
public final class TaskStatistics {
    private static final String SET_CHANGED_AT = """
            INSERT INTO task_processing (task_id, changed_at)
            SELECT task_id,
                   changed_at
              FROM unnest(?::uuid[], ?::timestamptz[]) AS changed (task_id, changed_at)
            ON CONFLICT (task_id) DO UPDATE
                SET changed_at = excluded.changed_at
            """;

    /**
     * Adds the new steps, and the retries among the steps after them, and returns the number of new steps. Screenshot
     * sizes are reported by recorders and not verified, so each counts as at most 2 GiB. OFFSET 0 makes the planner
     * read the steps first. A step has usage as {@code TaskWriter} defines it.
     */
    private static final String ADD_STEPS = """
            WITH changed AS MATERIALIZED (
                SELECT task_id,
                       counted_steps + '{}'::int8multirange AS counted_steps -- decompresses the value once
                  FROM task_processing
                  JOIN tasks USING (task_id)
                 WHERE task_id = ANY (?)
                   AND deleted_at IS NULL
            ),
            arrived AS MATERIALIZED (
                SELECT s.task_id,
                       s.step_number,
                       s.day,
                       s.step_type,
                       s.action,
                       s.succeeded,
                       s.duration_ms,
                       s.model_ms,
                       s.input_tokens,
                       s.cached_tokens,
                       s.output_tokens,
                       s.is_new,
                       s.step_data ->> 'action' = failed.action AS is_retry,
                       stored.screenshots,
                       stored.screenshot_bytes
                  FROM changed
                 CROSS JOIN LATERAL (SELECT task_id,
                                            step_number,
                                            (created_at AT TIME ZONE 'UTC')::date       AS day,
                                            step_type,
                                            left(coalesce(action_name, ''), 60)         AS action,
                                            %1$s AS succeeded,
                                            duration_ms,
                                            model_ms,
                                            input_tokens,
                                            cached_tokens,
                                            output_tokens,
                                            step_data,
                                            NOT step_number::bigint <@ changed.counted_steps AS is_new
                                       FROM task_steps
                                      WHERE task_id = changed.task_id
                                        AND NOT int8range(step_number::bigint - 1, step_number, '[]')
                                                <@ changed.counted_steps
                                     OFFSET 0) AS s
                  LEFT JOIN LATERAL (SELECT step_data ->> 'action' AS action
                                       FROM task_steps
                                      WHERE task_id = s.task_id
                                        AND step_number = s.step_number - 1
                                        AND NOT %1$s
                                     OFFSET 0) AS failed ON true
                 CROSS JOIN LATERAL (SELECT count(*)                                               AS screenshots,
                                            coalesce(sum(least(file_size, 2147483647)), 0)::bigint AS screenshot_bytes
                                       FROM step_screenshots
                                      WHERE task_id = s.task_id
                                        AND step_number = s.step_number) AS stored
            ),
            counted AS (
                UPDATE task_processing AS p
                   SET counted_steps = p.counted_steps + a.numbers
                  FROM (SELECT task_id,
                               range_agg(int8range(step_number, step_number, '[]')) AS numbers
                          FROM arrived
                         WHERE is_new
                         GROUP BY task_id) AS a
                 WHERE p.task_id = a.task_id
            ),
            added AS (
                INSERT INTO task_stats_daily AS d (task_id, day, step_type, action, %2$s)
                SELECT task_id,
                       day,
                       step_type,
                       action,
                       count(*)                                     FILTER (WHERE is_new),
                       count(*)                                     FILTER (WHERE is_new AND succeeded),
                       count(*)                                     FILTER (WHERE is_new AND NOT succeeded),
                       coalesce(sum(duration_ms)                    FILTER (WHERE is_new), 0),
                       coalesce(sum(model_ms)                       FILTER (WHERE is_new), 0),
                       count(*)                                     FILTER (WHERE is_retry),
                       coalesce(sum(screenshots)                    FILTER (WHERE is_new), 0),
                       coalesce(sum(screenshot_bytes)               FILTER (WHERE is_new), 0),
                       count(coalesce(input_tokens, cached_tokens, output_tokens)) FILTER (WHERE is_new),
                       coalesce(sum(input_tokens)                   FILTER (WHERE is_new), 0),
                       coalesce(sum(cached_tokens)                  FILTER (WHERE is_new), 0),
                       coalesce(sum(output_tokens)                  FILTER (WHERE is_new), 0),
                       coalesce(string_agg(%3$s, '') FILTER (WHERE is_new), ''),
                       coalesce(string_agg(%4$s, '') FILTER (WHERE is_new), '')
                  FROM arrived
                 WHERE is_new
                    OR is_retry
                 GROUP BY task_id, day, step_type, action
                ON CONFLICT (task_id, day, step_type, action) DO UPDATE
                    SET total_steps       = d.total_steps       + excluded.total_steps,
                        successful_steps  = d.successful_steps  + excluded.successful_steps,
                        failed_steps      = d.failed_steps      + excluded.failed_steps,
                        total_duration_ms = d.total_duration_ms + excluded.total_duration_ms,
                        total_model_ms    = d.total_model_ms    + excluded.total_model_ms,
                        retries           = d.retries           + excluded.retries,
                        screenshots       = d.screenshots       + excluded.screenshots,
                        screenshot_bytes  = d.screenshot_bytes  + excluded.screenshot_bytes,
                        usage_steps       = d.usage_steps       + excluded.usage_steps,
                        input_tokens      = d.input_tokens      + excluded.input_tokens,
                        cached_tokens     = d.cached_tokens     + excluded.cached_tokens,
                        output_tokens     = d.output_tokens     + excluded.output_tokens,
                        durations         = d.durations        || excluded.durations,
                        model_times       = d.model_times      || excluded.model_times
            )
            SELECT count(*)
              FROM arrived
             WHERE is_new
            """.formatted(
                    StepOutcome.SUCCEEDED,
                    StepTotals.COLUMNS,
                    Durations.ENCODED.formatted("duration_ms"),
                    Durations.ENCODED.formatted("model_ms"));

    private TaskStatistics() {}

    /**
     * Adds the new steps of these tasks and sets their {@code changed_at}.
     *
     * @return the number of steps added
     */
    public static long add(Session session, List<ChangedTask> tasks) throws SQLException {
        Object ids = Sql.column("uuid", tasks, ChangedTask::taskId);
        session.sql(SET_CHANGED_AT, ids, Sql.column("timestamptz", tasks, ChangedTask::changedAt))
                .update();
        return session.sql(ADD_STEPS, ids).single(row -> row.getLong(1));
    }

    /**
     * A task that changed since maintenance last processed it.
     *
     * @param changedAt when data of the task was last stored, or when the task was deleted
     */
    public record ChangedTask(UUID taskId, Instant changedAt) {}
}
