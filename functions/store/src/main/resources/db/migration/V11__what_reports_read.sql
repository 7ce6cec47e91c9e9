-- What a report asks of every step, beside the step_data that it was read from. Postgres derives it itself as a row is written,
-- so the two can never differ, and whoever copies rows copies the others alone.

ALTER TABLE task_steps
    -- What the action calls itself. It is cut: an action is the agent's own, and may hold anything.
    ADD COLUMN action_name      text    GENERATED ALWAYS AS (left(coalesce(step_data #>> '{action,action}',
                                                                           step_data #>> '{action,_metadata}'), 100)) STORED,
    ADD COLUMN lost_screenshots boolean GENERATED ALWAYS AS (json_typeof(step_data -> 'lost_screenshots') = 'array')  STORED;


-- As before, but that derived columns are not copied.
CREATE OR REPLACE FUNCTION make_month(parent text, month date) RETURNS bigint
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
