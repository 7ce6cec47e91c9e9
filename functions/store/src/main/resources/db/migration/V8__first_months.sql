-- Creates partitions from January of last year, because older tasks are often imported, to three months ahead. Maintenance
-- creates later partitions, and earlier ones when a DEFAULT partition contains rows of such a month.
SELECT create_month_partition(parent, month::date)
  FROM generate_series(date_trunc('year', now() AT TIME ZONE 'UTC') - interval '1 year',
                       (now() AT TIME ZONE 'UTC') + interval '3 months',
                       interval '1 month') AS month
 CROSS JOIN unnest(ARRAY['task_steps', 'step_screenshots', 'audit_log']) AS parent;
