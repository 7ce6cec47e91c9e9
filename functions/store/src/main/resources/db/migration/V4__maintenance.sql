-- The state of maintenance jobs.

CREATE TABLE maintenance_runs (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind       text        NOT NULL,                             -- such as retention
    started_at timestamptz NOT NULL DEFAULT now(),
    ended_at   timestamptz,
    outcome    text,                                             -- null while the job runs
    resume_at  text,                                             -- position at which the next run resumes
    counts     jsonb       NOT NULL DEFAULT '{}',

    CONSTRAINT maintenance_runs_outcome CHECK (outcome IN ('done', 'partly_failed', 'timed_out', 'failed'))
);

CREATE INDEX maintenance_runs_by_kind ON maintenance_runs (kind, started_at DESC);


-- The last processed state of each task. A task is processed again if greatest(received_at, deleted_at, judged_at) differs from
-- changed_at.
CREATE TABLE task_processing (
    task_id          uuid           PRIMARY KEY REFERENCES tasks,
    changed_at       timestamptz    NOT NULL,                    -- the last change that was processed
    counted_steps    int8multirange NOT NULL DEFAULT '{}',       -- step numbers in the statistics, archived ones included
    stats_day        date,                                       -- UTC day on which task_totals_daily counts the task
    stats_running    boolean        NOT NULL DEFAULT false,      -- whether task_totals_daily counts the task as running
    unarchived_since timestamptz                                 -- when unarchived rows were last added; null if none
);

CREATE INDEX task_processing_by_change     ON task_processing (changed_at);
CREATE INDEX task_processing_by_stats_day  ON task_processing (stats_day);
CREATE INDEX task_processing_stats_running ON task_processing (task_id)          WHERE stats_running;
CREATE INDEX task_processing_unarchived    ON task_processing (unarchived_since) WHERE unarchived_since IS NOT NULL;
CREATE INDEX task_processing_by_check_slot      ON task_processing ((get_byte(uuid_send(task_id), 15) % 32), task_id)
    WHERE unarchived_since IS NOT NULL;


-- Problems in the recorded data of a task, found by maintenance.
CREATE TABLE findings (
    task_id  uuid        NOT NULL REFERENCES tasks,
    kind     text        NOT NULL,                               -- such as gap
    steps    integer[]   NOT NULL,
    detail   jsonb,
    found_at timestamptz NOT NULL DEFAULT now(),

    PRIMARY KEY (task_id, kind)
);

CREATE INDEX findings_missing_screenshot ON findings (task_id) WHERE kind = 'missing_screenshot';


-- Parts of archived tasks. A part contains all rows of steps and screenshots that existed when it was written.
--
-- stored    the part is in the bucket and the rows still exist; it is replaced if another step arrives
-- archived  the rows were deleted
-- restored  the rows exist again; the part is deleted when a later part replaces it
CREATE TABLE archives (
    task_id     uuid        NOT NULL REFERENCES tasks,
    part        integer     NOT NULL,                            -- from 1; not reused after the part was archived
    key         text        NOT NULL,
    sha256      text        NOT NULL,
    steps       integer     NOT NULL,
    screenshots integer     NOT NULL,
    total_steps integer     NOT NULL,                            -- of the task when stored; if unchanged, no step arrived since
    state       text        NOT NULL DEFAULT 'stored',
    stored_at   timestamptz NOT NULL DEFAULT now(),

    PRIMARY KEY (task_id, part),
    CONSTRAINT archives_part  CHECK (part >= 1),
    CONSTRAINT archives_state CHECK (state IN ('stored', 'archived', 'restored'))
);

CREATE INDEX archives_stored ON archives (task_id) WHERE state = 'stored';


-- Deleted tasks that had so many steps that their rows did not fit into the transaction that deleted them. Maintenance deletes
-- the rows in batches. No reader finds them, because the task is a tombstone.
CREATE TABLE rows_to_delete (
    task_id  uuid        PRIMARY KEY REFERENCES tasks,
    added_at timestamptz NOT NULL DEFAULT now()
);


-- S3 objects to delete. A transaction that deletes rows inserts the keys that the rows referenced. A job deletes the objects
-- afterwards, so no transaction waits for S3 and no key is lost.
CREATE TABLE objects_to_delete (
    key       text        PRIMARY KEY,
    is_prefix boolean     NOT NULL DEFAULT false,                -- delete all objects whose keys start with key
    added_at  timestamptz NOT NULL DEFAULT now(),

    -- A key or prefix belongs to one task, or to exports of many tasks. The API's login may insert rows, but no row may name
    -- a whole folder. ObjectDeletionQueue contains the same patterns. Retention inserts single keys by the hundred thousand, for
    -- which LIKE is cheaper than a regular expression.
    CONSTRAINT objects_to_delete_key CHECK (
        CASE WHEN is_prefix
             THEN key ~ ('^((screenshots|attachments)/.+/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/'
                         '|archive/[A-Za-z0-9_%-]+/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}((\.[1-9][0-9]*)?\.jsonl\.gz)?'
                         '|exports/[A-Za-z0-9_%-]+/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'
                         '|exports/([A-Za-z0-9_%-]+/)?tasks\.)$')
             ELSE key LIKE 'screenshots/_%/________-____-____-____-____________/_%'
               OR key LIKE 'archive/_%/________-____-____-____-____________%.jsonl.gz'
        END)
);
