-- The first partitions: from January of last year, since recorded runs are often imported later, to three months ahead.
-- Maintenance creates later ones, and earlier ones when rows of such a month are in a DEFAULT partition.
SELECT create_month_partition(parent, month::date)
  FROM generate_series(date_trunc('year', now() AT TIME ZONE 'UTC') - interval '1 year',
                       (now() AT TIME ZONE 'UTC') + interval '3 months',
                       interval '1 month') AS month
 CROSS JOIN unnest(ARRAY['task_steps', 'step_screenshots', 'audit_log']) AS parent;
