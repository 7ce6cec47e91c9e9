-- Months of task ids.
--
-- A task id made by the tracker is a UUID of version 7: its first 48 bits are the milliseconds since 1970, so ids sort by
-- time, and a range of ids is a range of time. Tables of steps are partitioned by such ranges. All steps of one task share
-- one partition: reading a task touches one, and retention drops a month by dropping a table.

CREATE FUNCTION least_task_id_at(at timestamptz) RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN rpad(lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0'), 32, '0')::uuid;

COMMENT ON FUNCTION least_task_id_at IS 'The least UUID whose first 48 bits are this time in milliseconds';


-- Makes what is missing of the months from the one that holds first_day to the one that holds last_day, in UTC, and answers
-- how many tables it made. Creating a partition takes ACCESS EXCLUSIVE on its parent's DEFAULT partition for a moment, and
-- fails if DEFAULT already holds rows of that month: set lock_timeout, and move such rows first.
CREATE FUNCTION make_month_partitions(first_day date, last_day date) RETURNS integer
LANGUAGE plpgsql
AS $$
DECLARE
    month timestamptz := date_trunc('month', first_day::timestamp) AT TIME ZONE 'UTC';
    after timestamptz;
    parent text;
    partition text;
    made integer := 0;
BEGIN
    WHILE month <= last_day::timestamp AT TIME ZONE 'UTC' LOOP
        after := (month AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC';

        FOREACH parent IN ARRAY ARRAY['task_steps', 'step_screenshots', 'audit_log'] LOOP
            partition := parent || to_char(month AT TIME ZONE 'UTC', '_YYYY_MM');
            CONTINUE WHEN to_regclass(quote_ident(partition)) IS NOT NULL;

            IF parent = 'audit_log' THEN
                EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                               partition, parent, month, after);
            ELSE
                EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                               partition, parent, least_task_id_at(month), least_task_id_at(after));
            END IF;
            made := made + 1;
        END LOOP;

        month := after;
    END LOOP;
    RETURN made;
END
$$;


-- lz4 packs and unpacks long text several times faster than the default, pglz. A server may have been built without it, and
-- then keeps the default. Partitions made afterwards take it from their parent.
CREATE FUNCTION compress_with_lz4(target regclass, VARIADIC columns text[]) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY columns LOOP
        EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET COMPRESSION lz4', target, name);
    END LOOP;
EXCEPTION
    WHEN feature_not_supported THEN
        RAISE NOTICE 'this server has no lz4: % keeps pglz', target;
END
$$;
