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


-- Makes one month (its first day) of a table, takes into it the rows of that month that lie in DEFAULT, and answers how many
-- these were; null if somebody made the month before.
--
-- No reader misses a row meanwhile: all of it is one transaction, and before rows leave DEFAULT nobody reads the table. To lock
-- DEFAULT alone would not do: a reader that waits for it has been planned already, without the new month, and would then look
-- for its rows where they no longer are. While rows are copied readers go on; writers of steps wait, at tasks, which they
-- lock first, as this does. Set lock_timeout: whoever comes while this waits for a lock waits behind it. Derived columns are not copied.
CREATE FUNCTION make_month(parent text, month date) RETURNS bigint
LANGUAGE plpgsql
AS $$
DECLARE
    partition text := parent || to_char(month, '_YYYY_MM');
    rest text := parent || '_default';
    key text := CASE parent WHEN 'audit_log' THEN 'at' ELSE 'task_id' END;
    start timestamptz := month::timestamp AT TIME ZONE 'UTC';
    after timestamptz := (month::timestamp + interval '1 month') AT TIME ZONE 'UTC';
    low text := CASE key WHEN 'at' THEN start::text ELSE least_task_id_at(start)::text END;
    high text := CASE key WHEN 'at' THEN after::text ELSE least_task_id_at(after)::text END;
    of_month text := format('%1$I >= %2$L AND %1$I < %3$L', key, low, high);
    columns text;
    moved bigint;
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
    EXECUTE format('INSERT INTO %I (%s) SELECT %s FROM %I WHERE %s', partition, columns, columns, rest, of_month);
    GET DIAGNOSTICS moved = ROW_COUNT;
    -- With it, attaching the table need not look through it. To give it its foreign key too would need, at the end, a stronger
    -- lock of tasks, for which this and a writer that has read tasks would wait for each other.
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT of_month CHECK (%s)', partition, of_month);

    EXECUTE format('LOCK TABLE ONLY %I IN ACCESS EXCLUSIVE MODE', parent);
    EXECUTE format('DELETE FROM %I WHERE %s', rest, of_month);
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, partition, low, high);
    EXECUTE format('ALTER TABLE %I DROP CONSTRAINT of_month', partition);
    RETURN moved;
END
$$;
