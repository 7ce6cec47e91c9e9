-- What people and evaluators say about tasks and steps, and what model calls cost. These rows stay in the database when the steps of
-- a task are archived. Deleting a task deletes them.

-- Judgements of tasks. The newest human verdict on success counts, else the newest automatic one. A trigger keeps
-- tasks.verdict equal to the one that counts.
CREATE TABLE verdicts (
    id                bigint           GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    task_id           uuid             NOT NULL REFERENCES tasks,
    name              text             NOT NULL,
    value             text,                                      -- pass, fail or unclear; null if it is a score
    score             double precision,
    source            text             NOT NULL,
    judge             text             NOT NULL,                 -- the author of a human verdict, else the evaluator's name
    evaluator_version text,
    author            text,                                      -- the subject of the token; null if a recorder sent the verdict
    reason            text,
    tie_breaker       text             NOT NULL DEFAULT '',      -- orders verdicts of an evaluator that have the same time
    judged_at         timestamptz      NOT NULL,                 -- not after the time of receipt
    ahead_until       timestamptz,                               -- the latest time of a record that was in the future when it arrived
    deleted_at        timestamptz,                               -- a late copy of a deleted verdict must not restore it

    UNIQUE (task_id, name, source, judge),
    CONSTRAINT verdicts_value  CHECK (value IN ('pass', 'fail', 'unclear') AND score IS NULL
                                      OR value IS NULL AND score IS NOT NULL AND name <> 'success'),
    CONSTRAINT verdicts_source CHECK (source IN ('human', 'automatic')),
    CONSTRAINT verdicts_length CHECK (length(name) BETWEEN 1 AND 100 AND length(judge) BETWEEN 1 AND 256)
);

-- In the order of the verdict that counts.
CREATE INDEX verdicts_on_success ON verdicts (task_id, source DESC, judged_at DESC, judge DESC)
    WHERE name = 'success' AND deleted_at IS NULL;

-- Runs once per statement, because a bulk change sets the verdicts of many tasks. Of verdicts with the same time, that of the last
-- judge by name counts, so that the order of arrival does not matter.
CREATE FUNCTION set_counted_verdict() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    UPDATE tasks AS t
       SET verdict        = counted.value,
           verdict_source = counted.source,
           judged_at      = change_time(t.received_at, t.judged_at)
      FROM (SELECT DISTINCT task_id FROM changed) AS changed
      LEFT JOIN LATERAL (SELECT value, source
                           FROM verdicts
                          WHERE task_id = changed.task_id
                            AND name = 'success'
                            AND deleted_at IS NULL
                          ORDER BY source DESC, judged_at DESC, judge DESC -- human sorts after automatic
                          LIMIT 1) AS counted ON true
     WHERE t.task_id = changed.task_id
       AND t.deleted_at IS NULL;
    RETURN NULL;
END
$$;

-- With the rights of its owner, so that the login of ingest cannot set the verdict of a task itself. pg_temp is last, so that a
-- temporary table cannot replace a table of Steptrail.
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION set_counted_verdict() SECURITY DEFINER SET search_path = pg_catalog, %I, pg_temp',
                   current_schema());
END
$$;

-- A trigger does not check this privilege when it fires. A role that may execute the function could attach it to its own table,
-- and would run its own code with the rights of the owner.
REVOKE ALL ON FUNCTION set_counted_verdict() FROM PUBLIC;

CREATE TRIGGER verdicts_inserted AFTER INSERT ON verdicts REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION set_counted_verdict();
CREATE TRIGGER verdicts_updated AFTER UPDATE ON verdicts REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION set_counted_verdict();

-- Only logins that may name an author write human verdicts. The login of ingest may not.
CREATE FUNCTION require_right_to_name_authors() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    IF NOT has_column_privilege(TG_RELID, 'author', 'INSERT') THEN
        RAISE insufficient_privilege USING MESSAGE = 'this login may only write automatic verdicts without an author';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER verdicts_authored BEFORE INSERT OR UPDATE ON verdicts FOR EACH ROW
    WHEN (NEW.source = 'human' OR NEW.author IS NOT NULL)
    EXECUTE FUNCTION require_right_to_name_authors();


-- Verdicts that arrived before any other record of their task, which decides who owns it. Until then they are no verdicts, and there
-- is no task. Ingest moves them to verdicts, or rejects them, when the task arrives.
CREATE TABLE early_verdicts (
    task_id     uuid        NOT NULL,
    sender_id   text        NOT NULL,
    hash        text        NOT NULL,                            -- of the record; a copy is stored once
    record      text        NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),

    PRIMARY KEY (task_id, sender_id, hash)
);

CREATE INDEX early_verdicts_by_age ON early_verdicts (received_at);


CREATE TABLE step_labels (
    task_id     uuid        NOT NULL REFERENCES tasks,
    step_number integer     NOT NULL,
    label       text        NOT NULL,                            -- good, bad, unnecessary, or any text
    author      text        NOT NULL,
    labelled_at timestamptz NOT NULL DEFAULT now(),

    PRIMARY KEY (task_id, step_number, label),
    CONSTRAINT step_labels_length CHECK (length(label) BETWEEN 1 AND 50)
);


CREATE TABLE notes (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    task_id     uuid        NOT NULL REFERENCES tasks,
    step_number integer,                                         -- null: a note on the task
    author      text        NOT NULL,
    text        text        NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    edited_at   timestamptz,

    CONSTRAINT notes_length CHECK (length(text) BETWEEN 1 AND 10000)
);

CREATE INDEX notes_by_task ON notes (task_id, id);


-- The tags and the metadata of tasks, one row per value, by which lists are filtered. Each index has the order of the list, so that a
-- filter reads as many rows as it returns, however rare or frequent its value is. Triggers on tasks maintain the rows, and delete
-- those of deleted tasks. Rows of tasks are never deleted, so a foreign key would only cost time: a check for each of up to 50 values.
CREATE TABLE task_facets (
    owner      text        NOT NULL,
    facet      text        NOT NULL,                             -- tag, or metadata. and the path of a value
    value      text        NOT NULL,                             -- truncated to 200 characters
    started_at timestamptz NOT NULL,
    task_id    uuid        NOT NULL,

    PRIMARY KEY (task_id, facet, value)
);

CREATE INDEX task_facets_by_owner ON task_facets (owner, facet, value, started_at DESC, task_id DESC);
CREATE INDEX task_facets_by_value ON task_facets (facet, value, started_at DESC, task_id DESC);

-- Scalars of the metadata, of nested objects by a path with dots: at most 50, at most three levels deep.
CREATE FUNCTION metadata_values(metadata json) RETURNS TABLE (facet text, value text)
LANGUAGE sql IMMUTABLE
AS $$
    WITH RECURSIVE fields AS (
        SELECT 'metadata.' || key AS path, field, 1 AS level
          FROM json_each(CASE json_typeof(metadata) WHEN 'object' THEN metadata END) AS top (key, field)
        UNION ALL
        SELECT path || '.' || inner_key, inner_field, level + 1
          FROM fields
         CROSS JOIN LATERAL json_each(CASE json_typeof(field) WHEN 'object' THEN field END) AS nested (inner_key, inner_field)
         WHERE level < 3
    )
    SELECT DISTINCT path, left(field #>> '{}', 200)
      FROM fields
     WHERE json_typeof(field) IN ('string', 'number', 'boolean')
       AND length(path) <= 200
     ORDER BY 1, 2
     LIMIT 50
$$;

-- Runs once per statement, because a batch may insert thousands of tasks.
CREATE FUNCTION add_task_facets() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO task_facets (owner, facet, value, started_at, task_id)
    SELECT i.owner, f.facet, f.value, i.started_at, i.task_id
      FROM inserted AS i
     CROSS JOIN LATERAL (SELECT 'tag' AS facet, unnest(i.tags) AS value
                          UNION
                         SELECT facet, value
                           FROM metadata_values(i.metadata)) AS f
     WHERE i.deleted_at IS NULL
       AND (i.metadata IS NOT NULL OR i.tags <> '{}');
    RETURN NULL;
END
$$;

CREATE TRIGGER tasks_facets_inserted AFTER INSERT ON tasks REFERENCING NEW TABLE AS inserted
    FOR EACH STATEMENT EXECUTE FUNCTION add_task_facets();

-- Runs for each row, because most updates of tasks change none of these columns, and statement triggers with transition tables
-- cannot be limited to columns. A plan of the DELETE that was cached while the table was small must not read the whole table.
CREATE FUNCTION set_task_facets() RETURNS trigger
LANGUAGE plpgsql
SET enable_seqscan = off
AS $$
BEGIN
    DELETE FROM task_facets
     WHERE task_id = NEW.task_id;
    INSERT INTO task_facets (owner, facet, value, started_at, task_id)
    SELECT NEW.owner, f.facet, f.value, NEW.started_at, NEW.task_id
      FROM (SELECT 'tag' AS facet, unnest(NEW.tags) AS value
             UNION
            SELECT facet, value
              FROM metadata_values(NEW.metadata)) AS f
     WHERE NEW.deleted_at IS NULL;
    RETURN NULL;
END
$$;

CREATE TRIGGER tasks_facets_updated AFTER UPDATE OF metadata, owner, started_at, deleted_at ON tasks FOR EACH ROW
    WHEN (OLD.metadata::text IS DISTINCT FROM NEW.metadata::text
          OR OLD.owner <> NEW.owner
          OR OLD.started_at <> NEW.started_at
          OR OLD.deleted_at IS DISTINCT FROM NEW.deleted_at)
    EXECUTE FUNCTION set_task_facets();

-- A change of tags writes only the rows that differ, because a bulk change sets the tags of many tasks.
CREATE FUNCTION set_task_tags() RETURNS trigger
LANGUAGE plpgsql
SET enable_seqscan = off -- as for set_task_facets()
AS $$
BEGIN
    DELETE FROM task_facets
     WHERE task_id = NEW.task_id
       AND facet = 'tag'
       AND value <> ALL (NEW.tags);
    INSERT INTO task_facets (owner, facet, value, started_at, task_id)
    SELECT NEW.owner, 'tag', value, NEW.started_at, NEW.task_id
      FROM unnest(NEW.tags) AS value
     WHERE value <> ALL (OLD.tags)
    ON CONFLICT DO NOTHING; -- set_task_facets() has added the tags if other columns changed too
    RETURN NULL;
END
$$;

CREATE TRIGGER tasks_tags_updated AFTER UPDATE OF tags ON tasks FOR EACH ROW
    WHEN (OLD.tags <> NEW.tags AND NEW.deleted_at IS NULL)
    EXECUTE FUNCTION set_task_tags();


-- The tokens of a task by the UTC day of its steps. Ingest adds to them in the transaction that stores the steps.
CREATE TABLE task_usage (
    task_id       uuid   NOT NULL REFERENCES tasks,
    day           date   NOT NULL,
    steps         bigint NOT NULL,                               -- steps with usage
    input_tokens  bigint NOT NULL,
    cached_tokens bigint NOT NULL,                               -- of the input tokens
    output_tokens bigint NOT NULL,

    PRIMARY KEY (task_id, day)
);


-- Prices of models per million tokens. A price holds from its day to that of the next price of the model.
CREATE TABLE prices (
    model        text        NOT NULL,
    valid_from   date        NOT NULL,
    currency     text        NOT NULL,
    input_price  numeric     NOT NULL,
    cached_price numeric     NOT NULL,
    output_price numeric     NOT NULL,
    set_by       text        NOT NULL,
    set_at       timestamptz NOT NULL DEFAULT now(),

    PRIMARY KEY (model, valid_from),
    CONSTRAINT prices_model    CHECK (length(model) BETWEEN 1 AND 80),
    CONSTRAINT prices_currency CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT prices_amount   CHECK (input_price >= 0 AND cached_price >= 0 AND output_price >= 0)
);

-- The cost of tokens by the price of the model that is valid on the day. Without a price the cost is unknown: currency and amount are
-- null, and the tokens are unpriced. Models are compared by their first 80 characters, because statistics store no more.
CREATE FUNCTION usage_cost(model text, day date, input_tokens bigint, cached_tokens bigint, output_tokens bigint)
RETURNS TABLE (currency text, amount numeric, unpriced_tokens bigint)
LANGUAGE sql STABLE
AS $$
    SELECT p.currency,
           (  (input_tokens - cached_tokens) * p.input_price
            + cached_tokens                  * p.cached_price
            + output_tokens                  * p.output_price) * 0.000001,
           CASE WHEN p.currency IS NULL THEN input_tokens + output_tokens ELSE 0 END
      FROM (VALUES (left(usage_cost.model, 80))) AS priced (model)
      LEFT JOIN LATERAL (SELECT *
                           FROM prices
                          WHERE prices.model = priced.model
                            AND prices.valid_from <= usage_cost.day
                          ORDER BY prices.valid_from DESC
                          LIMIT 1) AS p ON true
$$;
