-- Durations are stored as values, the first 2 bytes of float4send, instead of quantile sketches, so that SQL can add them.
-- Those of counted steps are read again. Steps that are already archived stay in the totals, and are missing in the
-- percentiles.

UPDATE task_stats_daily
   SET durations   = '',
       model_times = '';

UPDATE task_stats_daily AS d
   SET durations   = s.durations,
       model_times = s.model_times
  FROM (SELECT task_id,
               (created_at AT TIME ZONE 'UTC')::date                                         AS day,
               step_type,
               left(coalesce(action_name, ''), 60)                                           AS action,
               coalesce(string_agg(substring(float4send(duration_ms) FROM 1 FOR 2), ''), '') AS durations,
               coalesce(string_agg(substring(float4send(model_ms) FROM 1 FOR 2), ''), '')    AS model_times
          FROM task_steps
          JOIN task_processing USING (task_id)
         WHERE step_number::bigint <@ counted_steps
         GROUP BY 1, 2, 3, 4) AS s
 WHERE d.task_id = s.task_id
   AND d.day = s.day
   AND d.step_type = s.step_type
   AND d.action = s.action;

ALTER TABLE task_stats_daily
    ALTER COLUMN durations   SET NOT NULL,
    ALTER COLUMN model_times SET NOT NULL;


-- Maintenance rebuilds these tables.
INSERT INTO stale_days (day)
SELECT day
  FROM task_stats_daily
 UNION
SELECT stats_day
  FROM task_processing
 WHERE stats_day IS NOT NULL
ON CONFLICT (day) DO NOTHING;

UPDATE action_stats_daily
   SET durations   = '',
       model_times = '';

UPDATE step_stats_daily
   SET durations   = '',
       model_times = '';

UPDATE task_totals_daily
   SET durations = '';

ALTER TABLE action_stats_daily
    ALTER COLUMN durations   SET NOT NULL,
    ALTER COLUMN model_times SET NOT NULL;

ALTER TABLE step_stats_daily
    ALTER COLUMN durations   SET NOT NULL,
    ALTER COLUMN model_times SET NOT NULL;

ALTER TABLE task_totals_daily
    ALTER COLUMN durations SET NOT NULL;
