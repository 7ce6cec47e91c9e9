-- Months that are made when they are needed, though DEFAULT holds rows of them already.

-- Makes one month (its first day) of a table, takes into it the rows of that month that lie in DEFAULT, and answers how many
-- these were; null if somebody made the month before.
--
-- No reader misses a row meanwhile: all of it is one transaction, and before rows leave DEFAULT nobody reads the table. To lock
-- DEFAULT alone would not do: a reader that waits for it has been planned already, without the new month, and would then look
-- for its rows where they no longer are. While rows are copied readers go on; writers of steps wait, at tasks, which they
-- lock first, as this does. Set lock_timeout: whoever comes while this waits for a lock waits behind it.
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
    moved bigint;
BEGIN
    IF key = 'task_id' THEN
        LOCK TABLE tasks IN SHARE ROW EXCLUSIVE MODE;
    END IF;
    EXECUTE format('LOCK TABLE ONLY %I IN SHARE ROW EXCLUSIVE MODE', parent);
    IF to_regclass(quote_ident(partition)) IS NOT NULL THEN
        RETURN NULL;
    END IF;

    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', partition, parent);
    EXECUTE format('INSERT INTO %I SELECT * FROM %I WHERE %s', partition, rest, of_month);
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
