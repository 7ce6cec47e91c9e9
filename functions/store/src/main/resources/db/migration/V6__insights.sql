-- Insights: patterns across tasks with the same instruction. Instructions and errors are normalized before comparison.

-- The fields of each task that insights are computed from, so that steps need not be read again.
CREATE TABLE task_digests (
    task_id          uuid   PRIMARY KEY REFERENCES tasks,
    owner            text   NOT NULL,
    instruction      text   NOT NULL,                            -- normalized; empty if the task has none
    error            text,                                       -- the normalized error of the last failed step
    path             json   NOT NULL,                            -- first moves: [[step_number, name, target, duration_ms], …]
    last_screen      bigint,                                     -- perceptual hash of the last screen before an action
    last_screen_step integer                                     -- the step of last_screen
);

CREATE INDEX task_digests_by_owner       ON task_digests (owner, task_id DESC);
CREATE INDEX task_digests_by_instruction ON task_digests (owner, instruction, task_id DESC);


-- Instructions whose insights are out of date. The empty instruction represents all tasks of the owner.
CREATE TABLE stale_instructions (
    owner       text        NOT NULL,
    instruction text        NOT NULL,
    due_at      timestamptz NOT NULL DEFAULT now(),              -- delayed if the last update failed

    PRIMARY KEY (owner, instruction)
);

CREATE INDEX stale_instructions_by_due_time ON stale_instructions (due_at, owner, instruction);


-- All insights of an instruction are replaced in one transaction.
CREATE TABLE insights (
    id               bigint        GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner            text          NOT NULL,
    instruction      text          NOT NULL,                     -- empty for insights about all tasks of the owner
    kind             text          NOT NULL,                     -- such as flaky
    tasks            uuid[]        NOT NULL,                     -- tasks that are evidence, newest first
    tasks_started_at timestamptz[] NOT NULL,                     -- their start times
    steps            text[]        NOT NULL,                     -- step ids that are evidence
    figures          jsonb         NOT NULL,
    found_at         timestamptz   NOT NULL DEFAULT now()
);

CREATE INDEX insights_by_owner       ON insights (owner, id DESC);
CREATE INDEX insights_by_instruction ON insights (owner, instruction);
