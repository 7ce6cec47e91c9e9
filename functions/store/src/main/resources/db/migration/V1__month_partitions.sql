-- Functions for month partitions and for compression.

-- task_steps and step_screenshots are partitioned by month, by ranges of task ids. Task ids are UUIDs of version 7, which start
-- with the milliseconds since 1970. All rows of a task are therefore in one partition, and retention can drop whole months.
CREATE FUNCTION min_task_id_at(at timestamptz) RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN rpad(lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0'), 32, '0')::uuid;

COMMENT ON FUNCTION min_task_id_at IS 'The smallest UUID whose first 48 bits are this time in milliseconds since 1970';


-- Creates the partition for one month (given by its first day) and moves the rows of that month from the DEFAULT partition
-- into it. Returns the number of rows moved, or null if the partition exists.
--
-- The lock on tasks blocks writers, which lock tasks first. Readers continue while rows are copied. The whole table is locked
-- against reads before rows are deleted from DEFAULT. A lock on DEFAULT alone is not enough: a waiting reader would use a plan
-- without the new partition and miss the moved rows. Set lock_timeout before the call: other sessions queue behind this one.
CREATE FUNCTION create_month_partition(parent text, month date) RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
    partition  text        := parent || to_char(month, '_YYYY_MM');
    source     text        := parent || '_default';
    key        text        := CASE parent WHEN 'audit_log' THEN 'at' ELSE 'task_id' END;
    month_from timestamptz := month::timestamp AT TIME ZONE 'UTC';
    month_to   timestamptz := (month::timestamp + interval '1 month') AT TIME ZONE 'UTC';
    low        text        := CASE key WHEN 'at' THEN month_from::text ELSE min_task_id_at(month_from)::text END;
    high       text        := CASE key WHEN 'at' THEN month_to::text   ELSE min_task_id_at(month_to)::text   END;
    in_month   text        := format('%1$I >= %2$L AND %1$I < %3$L', key, low, high);
    columns    text;
    moved      bigint;
BEGIN
    IF key = 'task_id' THEN
        LOCK TABLE tasks IN SHARE ROW EXCLUSIVE MODE;
    END IF;
    EXECUTE format('LOCK TABLE ONLY %I IN SHARE ROW EXCLUSIVE MODE', parent);
    IF to_regclass(quote_ident(partition)) IS NOT NULL THEN
        RETURN NULL;
    END IF;

    SELECT string_agg(quote_ident(attname), ', ')
      INTO columns
      FROM pg_attribute
     WHERE attrelid = quote_ident(parent)::regclass
       AND attnum > 0
       AND NOT attisdropped
       AND attgenerated = '';
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', partition, parent);
    EXECUTE format('INSERT INTO %I (%s) SELECT %s FROM %I WHERE %s', partition, columns, columns, source, in_month);
    GET DIAGNOSTICS moved = ROW_COUNT;
    -- With this constraint, ATTACH does not scan the new table. Adding a foreign key here would require a stronger lock on
    -- tasks, which could deadlock with a writer that has read tasks.
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT in_month CHECK (%s)', partition, in_month);

    EXECUTE format('LOCK TABLE ONLY %I IN ACCESS EXCLUSIVE MODE', parent);
    EXECUTE format('DELETE FROM %I WHERE %s', source, in_month);
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, partition, low, high);
    EXECUTE format('ALTER TABLE %I DROP CONSTRAINT in_month', partition);
    RETURN moved;
END
$$;


-- Compresses columns with lz4, which is several times faster than the default, pglz, on long text. A server that was built
-- without lz4 keeps pglz. New partitions inherit the setting.
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
        RAISE NOTICE 'this server does not support lz4: % keeps pglz', target;
END
$$;
