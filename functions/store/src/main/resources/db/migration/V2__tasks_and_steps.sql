-- What agents record.
--
-- Columns that hold what an agent said as JSON are json, not jsonb: json keeps the text as it came (the order of keys, the
-- form of numbers), jsonb does not. Who computes with them casts.

CREATE TABLE tasks (
    task_id             uuid        PRIMARY KEY,
    owner               text        NOT NULL,
    name                text,
    description         text,
    agent               text,
    model               text,
    device_id           text,
    status              text        NOT NULL DEFAULT 'running',
    message             text,
    ending              text,
    continues           uuid,                                    -- no foreign key: tasks arrive in any order
    announced           boolean     NOT NULL DEFAULT false,      -- whether task_started has arrived
    started_at          timestamptz NOT NULL,                    -- by task_started; until then the earliest time seen
    ended_at            timestamptz,
    last_step_at        timestamptz,
    last_step_number    integer,                                 -- by task_ended: the highest number given to a step
    received_at         timestamptz NOT NULL DEFAULT now(),      -- when anything new of it last reached the database
    total_steps         integer     NOT NULL DEFAULT 0,
    successful_steps    integer     NOT NULL DEFAULT 0,
    failed_steps        integer     NOT NULL DEFAULT 0,
    total_duration_ms   bigint      NOT NULL DEFAULT 0,
    dropped_steps       bigint      NOT NULL DEFAULT 0,          -- by the recorder, which said so
    dropped_screenshots bigint      NOT NULL DEFAULT 0,
    conflicts           integer     NOT NULL DEFAULT 0,          -- steps that came again and differed
    keep                boolean     NOT NULL DEFAULT false,      -- retention passes it by
    metadata            json,
    losses              json,                                    -- dropped, by reason, as last told
    started_fields      json,                                    -- of task_started, that this version does not know
    ended_fields        json,                                    -- of task_ended, likewise
    deleted_at          timestamptz,
    archived_status     text,                                    -- of an archived task: its status before
    restored_at         timestamptz,                             -- retention counts from here, if nothing came later

    CONSTRAINT tasks_owner_length CHECK (length(owner) BETWEEN 1 AND 256),
    CONSTRAINT tasks_status       CHECK (status IN ('running', 'succeeded', 'failed', 'cancelled', 'abandoned',
                                                    'archived', 'deleted')),
    CONSTRAINT tasks_ending       CHECK (ending IN ('finished', 'ended_without_finish', 'unparseable_reply', 'max_steps',
                                                    'model_error', 'abandoned', 'cancelled')),
    CONSTRAINT tasks_counts       CHECK (total_steps >= 0 AND successful_steps >= 0 AND failed_steps >= 0
                                         AND successful_steps + failed_steps <= total_steps),
    CONSTRAINT tasks_tombstone    CHECK ((status = 'deleted') = (deleted_at IS NOT NULL))
);

-- Counters change with each batch. With room left in a page, and none of them indexed, such updates stay in it (HOT).
ALTER TABLE tasks SET (fillfactor = 80);

-- The owner's list and the admin's, newest first; the id breaks ties, so that a page begins exactly after another's end.
CREATE INDEX tasks_of_owner ON tasks (owner, started_at DESC, task_id DESC) WHERE deleted_at IS NULL;
CREATE INDEX tasks_by_start ON tasks (started_at DESC, task_id DESC)        WHERE deleted_at IS NULL;
-- Which task took this one up again?
CREATE INDEX tasks_continuing ON tasks (continues) WHERE continues IS NOT NULL;
-- Which tasks may have been abandoned?
CREATE INDEX tasks_running ON tasks (task_id) WHERE status = 'running';
-- Of which tasks is there news? Few are changed or deleted long after their neighbours, so a BRIN index of a few pages finds
-- them. From Postgres 16 on it lets an update of a task stay in its page, as an index of another kind would not.
CREATE INDEX tasks_by_news ON tasks USING brin (greatest(received_at, deleted_at))
    WITH (pages_per_range = 16, autosummarize = on);


CREATE TABLE task_steps (
    task_id         uuid        NOT NULL REFERENCES tasks,
    step_number     integer     NOT NULL,
    step_type       text        NOT NULL,
    step_data       json        NOT NULL,        -- action, timings, resources, and fields that this version does not know
    thinking        text,
    action_result   json,
    screenshot_path text,                        -- the object that shows best what the agent saw
    duration_ms     bigint,
    success         boolean,                     -- null where nobody can tell
    error_message   text,
    created_at      timestamptz NOT NULL,        -- when the step was taken, by the recorder's clock

    -- Derived from step_data as the row is written, so that reports need not parse it.
    action_name      text    GENERATED ALWAYS AS (
        left(coalesce(step_data #>> '{action,action}', step_data #>> '{action,_metadata}'), 100)
    ) STORED,
    action_hash      bigint  GENERATED ALWAYS AS (
        hashtextextended(step_data #>> '{action}', 0)
    ) STORED,
    action_place     text    GENERATED ALWAYS AS ( -- such as 499,842, or 499,842,499,400 of a swipe
        substring(regexp_replace(coalesce(step_data #>> '{action,element}',
                                          (step_data #>> '{action,start}') || ',' || (step_data #>> '{action,end}')),
                                 '[][ ]', '', 'g')
                  FROM '^[0-9]{1,5},[0-9]{1,5}(?:,[0-9]{1,5},[0-9]{1,5})?$')
    ) STORED,
    model_ms         integer GENERATED ALWAYS AS (
        substring(step_data #>> '{timings,model_ms}' FROM '^([0-9]{1,9})(?:\.[0-9]+)?$')::integer
    ) STORED,
    lost_screenshots boolean GENERATED ALWAYS AS (
        json_typeof(step_data -> 'lost_screenshots') = 'array'
    ) STORED,

    PRIMARY KEY (task_id, step_number),
    CONSTRAINT task_steps_number   CHECK (step_number >= 1),
    CONSTRAINT task_steps_type     CHECK (length(step_type) BETWEEN 1 AND 100),
    CONSTRAINT task_steps_duration CHECK (duration_ms >= 0)
) PARTITION BY RANGE (task_id);

-- Rows lie in the order in which they came, which is nearly that of time: a BRIN index of a few pages finds a day.
CREATE INDEX task_steps_by_time ON task_steps USING brin (created_at);

SELECT compress_with_lz4('task_steps', 'step_data', 'thinking', 'action_result', 'error_message');


CREATE TABLE step_screenshots (
    task_id          uuid        NOT NULL REFERENCES tasks,
    step_number      integer     NOT NULL,
    ordinal          integer     NOT NULL,       -- from 0, in the record's order
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
    metadata         json,                       -- fields that this version does not know

    PRIMARY KEY (task_id, step_number, ordinal),
    CONSTRAINT step_screenshots_role CHECK (role IN ('before', 'after', 'other')),
    CONSTRAINT step_screenshots_size CHECK (width >= 1 AND height >= 1 AND file_size >= 0 AND original_size >= 0)
) PARTITION BY RANGE (task_id);


-- Ids that are no UUIDs of version 7, or of months that nobody made.
CREATE TABLE task_steps_default       PARTITION OF task_steps       DEFAULT;
CREATE TABLE step_screenshots_default PARTITION OF step_screenshots DEFAULT;
