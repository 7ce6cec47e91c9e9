-- From last year's January to three months ahead: last year's, because recorded runs are imported long after they happened.
SELECT make_month_partitions(
    (date_trunc('year', now() AT TIME ZONE 'UTC') - interval '1 year')::date,
    ((now() AT TIME ZONE 'UTC') + interval '3 months')::date);
