-- What maintenance keeps.

CREATE TABLE maintenance_runs (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind       text        NOT NULL,                      -- such as retention
    started_at timestamptz NOT NULL DEFAULT now(),
    ended_at   timestamptz,
    outcome    text,                                      -- null while it runs
    resume_at  text,                                      -- where the next run goes on
    counts     jsonb       NOT NULL DEFAULT '{}',

    CONSTRAINT maintenance_runs_outcome CHECK (outcome IN ('done', 'partly_done', 'out_of_time', 'failed'))
);

CREATE INDEX maintenance_runs_latest ON maintenance_runs (kind, started_at DESC);


CREATE TABLE task_looks (
    task_id          uuid           PRIMARY KEY REFERENCES tasks,
    news_at          timestamptz    NOT NULL,             -- of its news, those that were looked at
    numbers          int8multirange NOT NULL,             -- of the steps that were counted, wherever their rows are now
    measured_news_at timestamptz,
    measured_numbers int8multirange,
    run_day          date,                                -- on which its run is counted, UTC; null if it is not
    run_is_open      boolean                              -- whether it is counted as running
);

CREATE INDEX task_looks_by_news          ON task_looks (news_at);
CREATE INDEX task_looks_by_measured_news ON task_looks (measured_news_at);
CREATE INDEX task_looks_by_run_day       ON task_looks (run_day);
CREATE INDEX task_looks_of_open_runs     ON task_looks (task_id) WHERE run_is_open;


-- What somebody should look at in a task: a loop, a gap, a clock that ran backwards.
CREATE TABLE findings (
    id       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    task_id  uuid        NOT NULL REFERENCES tasks,
    kind     text        NOT NULL,                        -- such as loop
    steps    integer[]   NOT NULL,
    detail   jsonb,
    found_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX findings_of_task ON findings (task_id);


-- A part of a task in the bucket: all rows of steps and screenshots that were there when it was made.
--
-- stored    it lies in the bucket, and the rows are still there too; made anew if a step comes before they go
-- archived  the rows are gone, and this is what is left of them
-- restored  the rows are there again; it goes when a later part takes their place
CREATE TABLE archives (
    task_id     uuid        NOT NULL REFERENCES tasks,
    part        integer     NOT NULL,                     -- from 1; never given again once the rows were gone
    key         text        NOT NULL,
    sha256      text        NOT NULL,                     -- of its lines, as its first one tells too
    steps       integer     NOT NULL,
    screenshots integer     NOT NULL,
    total_steps integer     NOT NULL,                     -- of the task: as long as it is the same there, no step came since
    state       text        NOT NULL DEFAULT 'stored',
    stored_at   timestamptz NOT NULL DEFAULT now(),

    PRIMARY KEY (task_id, part),
    CONSTRAINT archives_part  CHECK (part >= 1),
    CONSTRAINT archives_state CHECK (state IN ('stored', 'archived', 'restored'))
);

CREATE INDEX archives_stored ON archives (task_id) WHERE state = 'stored';


-- Objects of the bucket that nobody needs any more. Whoever deletes rows writes here, in the same transaction, what they named;
-- a job deletes the objects and then these rows. So nothing is forgotten, and no transaction waits for S3.

CREATE TABLE objects_to_delete (
    key       text        PRIMARY KEY,
    is_prefix boolean     NOT NULL DEFAULT false,         -- whether all keys are meant that begin so, known or not
    added_at  timestamptz NOT NULL DEFAULT now()
);
