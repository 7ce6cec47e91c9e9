-- Tasks, steps and screenshots that agents record.
--
-- JSON from agents is stored as json, not jsonb, because json keeps the text unchanged (order of keys, format of numbers).

CREATE TABLE tasks (
    task_id             uuid        PRIMARY KEY,
    owner               text        NOT NULL,
    name                text,
    description         text,
    agent               text,
    model               text,
    device_id           text,
    status              text        NOT NULL DEFAULT 'running',
    end_reason          text,
    message             text,
    previous_task_id    uuid,                                    -- no foreign key: tasks arrive in any order
    start_received      boolean     NOT NULL DEFAULT false,      -- whether task_started has arrived
    started_at          timestamptz NOT NULL,                    -- time of task_started; before it arrives, the earliest time
    ended_at            timestamptz,
    last_step_at        timestamptz,
    last_step_number    integer,                                 -- from task_ended: the highest step number assigned
    received_at         timestamptz NOT NULL DEFAULT now(),      -- time of the last write
    total_steps         integer     NOT NULL DEFAULT 0,
    successful_steps    integer     NOT NULL DEFAULT 0,
    failed_steps        integer     NOT NULL DEFAULT 0,
    total_duration_ms   bigint      NOT NULL DEFAULT 0,
    dropped_steps       bigint      NOT NULL DEFAULT 0,          -- as reported by the recorder
    dropped_screenshots bigint      NOT NULL DEFAULT 0,          -- as reported by the recorder
    conflicting_steps   integer     NOT NULL DEFAULT 0,          -- rejected because a different step has the number
    losses              json,                                    -- the latest count of dropped data, by reason
    metadata            json,
    experiment          text,                                    -- the experiment, its case and the number of the repeat
    case_id             text,
    repeat              integer,
    attributes          json,                                    -- what the experiment varies
    tags                text[]      NOT NULL DEFAULT '{}',       -- sorted
    verdict             text,                                    -- the verdict on success that counts; null: none
    verdict_source      text,                                    -- human or automatic; null if there is no verdict
    judged_at           timestamptz,                             -- time of the last change of verdicts, tags, labels or notes
    extra_start_fields  json,                                    -- unknown fields of task_started
    extra_end_fields    json,                                    -- unknown fields of task_ended
    keep                boolean     NOT NULL DEFAULT false,      -- exempt from retention
    revision            bigint      NOT NULL DEFAULT 0,          -- incremented by each update
    archived_status     text,                                    -- status before the task was archived
    restored_at         timestamptz,                             -- retention starts here if it is after received_at
    deleted_at          timestamptz,

    -- Whether the agent claims success, and whether the task counts as successful. A verdict outranks the claim. Null: not ended, or
    -- unclear.
    claimed_success     boolean     GENERATED ALWAYS AS (
        CASE coalesce(archived_status, status)
            WHEN 'succeeded' THEN true
            WHEN 'failed'    THEN false
            WHEN 'cancelled' THEN false
            WHEN 'abandoned' THEN false
        END
    ) STORED,
    success             boolean     GENERATED ALWAYS AS (
        CASE verdict
            WHEN 'pass'    THEN true
            WHEN 'fail'    THEN false
            WHEN 'unclear' THEN NULL
            ELSE CASE coalesce(archived_status, status)
                     WHEN 'succeeded' THEN true
                     WHEN 'failed'    THEN false
                     WHEN 'cancelled' THEN false
                     WHEN 'abandoned' THEN false
                 END
        END
    ) STORED,

    CONSTRAINT tasks_owner_length CHECK (length(owner) BETWEEN 1 AND 256),
    CONSTRAINT tasks_status       CHECK (status IN ('running', 'succeeded', 'failed', 'cancelled', 'abandoned',
                                                    'archived', 'deleted')),
    CONSTRAINT tasks_end_reason   CHECK (end_reason IN ('finished', 'ended_without_finish', 'unparseable_reply', 'max_steps',
                                                    'model_error', 'abandoned', 'cancelled')),
    CONSTRAINT tasks_counts       CHECK (total_steps >= 0 AND successful_steps >= 0 AND failed_steps >= 0
                                         AND successful_steps + failed_steps <= total_steps),
    CONSTRAINT tasks_experiment   CHECK (length(experiment) BETWEEN 1 AND 200 AND length(case_id) BETWEEN 1 AND 200),
    CONSTRAINT tasks_verdict      CHECK (verdict IN ('pass', 'fail', 'unclear') AND verdict_source IN ('human', 'automatic')
                                         OR verdict IS NULL AND verdict_source IS NULL),
    CONSTRAINT tasks_tombstone    CHECK ((status = 'deleted') = (deleted_at IS NOT NULL))
)
-- Every batch updates counters. They are in no B-tree index, so these updates are HOT if the page has free space.
WITH (fillfactor = 80);

-- The revision is part of the entity tag of a task's report. Each change of a task's steps updates the task in the same
-- transaction. A trigger increments the revision, so that no statement can omit it.
--
-- The owner is final once task_started has arrived. The trigger enforces it, because the login of ingest needs the privilege to
-- update the owner of a task whose steps arrive first.
CREATE FUNCTION increment_revision() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    IF    NEW.owner <> OLD.owner AND (OLD.start_received OR OLD.deleted_at IS NOT NULL)
       OR OLD.start_received AND NOT NEW.start_received AND NEW.deleted_at IS NULL
    THEN
        RAISE insufficient_privilege USING MESSAGE = 'the owner of a started task cannot change';
    END IF;
    NEW.revision := OLD.revision + 1;
    RETURN NEW;
END
$$;

CREATE TRIGGER tasks_revision BEFORE UPDATE ON tasks FOR EACH ROW EXECUTE FUNCTION increment_revision();

-- The time of a change of a task, for received_at and judged_at. It exceeds both, even if the clock was set back, so that the time by
-- which ChangedTaskProcessor detects changes differs after each of them.
CREATE FUNCTION change_time(received_at timestamptz, judged_at timestamptz) RETURNS timestamptz
LANGUAGE sql VOLATILE
AS $$
    SELECT greatest(clock_timestamp(), greatest(received_at, judged_at) + interval '1 microsecond')
$$;

-- Lists of one owner's tasks and of all tasks, newest first. task_id is the tie-breaker for keyset pagination.
CREATE INDEX tasks_by_owner ON tasks (owner, started_at DESC, task_id DESC) WHERE deleted_at IS NULL;
CREATE INDEX tasks_by_start ON tasks (started_at DESC, task_id DESC)        WHERE deleted_at IS NULL;

-- Lists of tasks by the verdict that counts; none is the empty string.
CREATE INDEX tasks_by_owner_and_verdict ON tasks (owner, coalesce(verdict, '') DESC, started_at DESC, task_id DESC)
    WHERE deleted_at IS NULL;
CREATE INDEX tasks_by_verdict           ON tasks (coalesce(verdict, '') DESC, started_at DESC, task_id DESC)
    WHERE deleted_at IS NULL;

-- The tasks of an experiment of one owner, and of the experiments of all owners that have the same name.
CREATE INDEX tasks_by_experiment      ON tasks (owner, experiment, started_at DESC, task_id DESC)
    WHERE deleted_at IS NULL AND experiment IS NOT NULL;
CREATE INDEX tasks_by_experiment_name ON tasks (experiment, started_at DESC, task_id DESC)
    WHERE deleted_at IS NULL AND experiment IS NOT NULL;

-- Counts deleted tasks. The count is part of the key of an export of many tasks.
CREATE INDEX tasks_deleted ON tasks (owner) WHERE deleted_at IS NOT NULL;

-- Running tasks, which may have been abandoned.
CREATE INDEX tasks_running ON tasks (task_id) WHERE status = 'running';

-- The daily check of screenshots reads one of 32 slots of the tasks, by the last byte of their ids. Archived tasks have no rows
-- to check, unless they are kept or, according to task_processing, have rows of late steps.
CREATE INDEX tasks_by_check_slot ON tasks ((get_byte(uuid_send(task_id), 15) % 32), task_id)
    WHERE status <> 'deleted' AND (status <> 'archived' OR keep);

-- Tasks that changed since maintenance last processed them. Tasks that change at the same time are stored close together, so a
-- small BRIN index is selective. From Postgres 16 on, a BRIN index does not prevent HOT updates.
CREATE INDEX tasks_by_change ON tasks USING brin (greatest(received_at, deleted_at, judged_at))
    WITH (pages_per_range = 16, autosummarize = on);


CREATE TABLE task_steps (
    task_id         uuid        NOT NULL REFERENCES tasks,
    step_number     integer     NOT NULL,
    step_type       text        NOT NULL,
    step_data       json        NOT NULL,                        -- action, timings, resources and unknown fields
    thinking        text,
    action_result   json,
    screenshot_path text,                                        -- S3 key: first "before" screenshot, else the first
    duration_ms     bigint,
    success         boolean,                                     -- null if unknown
    error_message   text,
    created_at      timestamptz NOT NULL,                        -- when the step was executed, by the recorder's clock

    -- Derived when the row is written, so that reports need not parse JSON or read values of up to 256 KiB.
    action_name      text    GENERATED ALWAYS AS (
        left(coalesce(step_data #>> '{action,action}', step_data #>> '{action,_metadata}'), 100)
    ) STORED,
    action_hash      bigint  GENERATED ALWAYS AS (
        hashtextextended(step_data #>> '{action}', 0)
    ) STORED,
    action_place     text    GENERATED ALWAYS AS (               -- "499,842", or "499,842,499,400" for a swipe
        substring(regexp_replace(coalesce(step_data #>> '{action,element}',
                                          (step_data #>> '{action,start}') || ',' || (step_data #>> '{action,end}')),
                                 '[][ ]', '', 'g')
                  FROM '^[0-9]{1,5},[0-9]{1,5}(?:,[0-9]{1,5},[0-9]{1,5})?$')
    ) STORED,
    model_ms         integer GENERATED ALWAYS AS (
        substring(step_data #>> '{timings,model_ms}' FROM '^([0-9]{1,9})(?:\.[0-9]+)?$')::integer
    ) STORED,
    input_tokens     bigint  GENERATED ALWAYS AS (
        substring(step_data #>> '{usage,input_tokens}' FROM '^[0-9]{1,10}$')::bigint
    ) STORED,
    cached_tokens    bigint  GENERATED ALWAYS AS (               -- at most the input tokens, so that sums of steps have a cost
        CASE WHEN step_data #>> '{usage,cached_tokens}' ~ '^[0-9]{1,10}$'
             THEN least((step_data #>> '{usage,cached_tokens}')::bigint,
                        coalesce(substring(step_data #>> '{usage,input_tokens}' FROM '^[0-9]{1,10}$')::bigint, 0))
        END
    ) STORED,
    output_tokens    bigint  GENERATED ALWAYS AS (
        substring(step_data #>> '{usage,output_tokens}' FROM '^[0-9]{1,10}$')::bigint
    ) STORED,
    lost_screenshots boolean GENERATED ALWAYS AS (
        json_typeof(step_data -> 'lost_screenshots') = 'array'
    ) STORED,
    long_step_action text    GENERATED ALWAYS AS (               -- the start of the action, '' if there is none; only if step_data is long
        CASE WHEN octet_length(step_data #>> '{}') > 8192 THEN left(coalesce(step_data #>> '{action}', ''), 1000) END
    ) STORED,
    error            text    GENERATED ALWAYS AS (               -- the start of error_message or, if a failed step has none, of its result's message
        left(coalesce(error_message, CASE WHEN NOT success THEN action_result ->> 'message' END), 2000)
    ) STORED,

    PRIMARY KEY (task_id, step_number),
    CONSTRAINT task_steps_number   CHECK (step_number >= 1),
    CONSTRAINT task_steps_type     CHECK (length(step_type) BETWEEN 1 AND 100),
    CONSTRAINT task_steps_duration CHECK (duration_ms >= 0)
) PARTITION BY RANGE (task_id);

-- The failed steps of a task, for reports of long tasks. The condition is that of StepOutcome.SUCCEEDED.
CREATE INDEX task_steps_failed ON task_steps (task_id, step_number)
    WHERE NOT coalesce(success, CASE WHEN error_message IS NOT NULL THEN false END);

SELECT compress_with_lz4('task_steps', 'step_data', 'thinking', 'action_result', 'error_message', 'error');


-- There is no foreign key to task_steps, because Postgres would then reject TRUNCATE and DROP of a month of steps. Maintenance
-- reports screenshots without a step as a finding.
CREATE TABLE step_screenshots (
    task_id          uuid        NOT NULL REFERENCES tasks,
    step_number      integer     NOT NULL,
    screenshot_index integer     NOT NULL,                       -- position in the record, from 0
    role             text        NOT NULL,
    screenshot_path  text        NOT NULL,
    file_hash        text        NOT NULL,
    file_size        bigint      NOT NULL,
    original_size    bigint      NOT NULL,
    width            integer     NOT NULL,
    height           integer     NOT NULL,
    format           text        NOT NULL,
    compressed       boolean     NOT NULL,
    sensitive        boolean     NOT NULL,
    redacted_regions json        NOT NULL,
    perceptual_hash  text,
    thumbnail_path   text,
    captured_at      timestamptz,
    metadata         json,                                       -- unknown fields

    PRIMARY KEY (task_id, step_number, screenshot_index),
    CONSTRAINT step_screenshots_role CHECK (role IN ('before', 'after', 'other')),
    CONSTRAINT step_screenshots_size CHECK (width >= 1 AND height >= 1 AND file_size >= 0 AND original_size >= 0)
) PARTITION BY RANGE (task_id);


-- For task ids that are not UUIDs of version 7, and for months without a partition.
CREATE TABLE task_steps_default       PARTITION OF task_steps       DEFAULT;
CREATE TABLE step_screenshots_default PARTITION OF step_screenshots DEFAULT;
