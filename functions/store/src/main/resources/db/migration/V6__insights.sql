-- Common results of the runs of an instruction. Instructions and errors are normalised before they are compared.

-- A summary of each run, small enough that years of runs can be read without their steps.
CREATE TABLE run_digests (
    task_id          uuid   PRIMARY KEY REFERENCES tasks,
    owner            text   NOT NULL,
    task_text        text   NOT NULL,                            -- the normalised instruction; empty if there is none
    error            text,                                       -- the normalised error of the last failed step
    path             json   NOT NULL,                            -- first moves: [[step_number, name, target, duration_ms], …]
    last_screen      bigint,                                     -- perceptual hash of the last screen before an action
    last_screen_step integer                                     -- step of last_screen
);

CREATE INDEX run_digests_by_owner ON run_digests (owner, task_id DESC);
CREATE INDEX run_digests_by_text  ON run_digests (owner, task_text, task_id DESC);


-- Texts whose insights are out of date. The empty text represents all runs of the owner.
CREATE TABLE stale_texts (
    owner     text        NOT NULL,
    task_text text        NOT NULL,
    due_at    timestamptz NOT NULL DEFAULT now(),                -- later for a text that failed

    PRIMARY KEY (owner, task_text)
);

CREATE INDEX stale_texts_by_due_time ON stale_texts (due_at, owner, task_text);


-- All insights of a text are replaced together.
CREATE TABLE insights (
    id              bigint        GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner           text          NOT NULL,
    task_text       text          NOT NULL,
    kind            text          NOT NULL,                      -- such as flaky
    runs            uuid[]        NOT NULL,                      -- runs that show it, newest first
    runs_started_at timestamptz[] NOT NULL,                      -- their start times
    steps           text[]        NOT NULL,                      -- step ids that show it
    figures         jsonb         NOT NULL,
    found_at        timestamptz   NOT NULL DEFAULT now()
);

CREATE INDEX insights_by_owner ON insights (owner, id DESC);
CREATE INDEX insights_by_text  ON insights (owner, task_text);
