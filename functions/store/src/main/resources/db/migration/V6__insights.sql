-- What steps teach.

-- Of a run, what the rules across runs read: so little that those of years are read text by text, and no step for it.
CREATE TABLE run_digests (
    task_id          uuid   PRIMARY KEY REFERENCES tasks,
    owner            text   NOT NULL,
    task_text        text   NOT NULL,                     -- the normalised instruction; empty if there is none
    error            text,                                -- the normalised error of the last failed step
    path             json   NOT NULL,                     -- the first moves: [[step_number, name, target, duration_ms], …]
    last_screen      bigint,                              -- perceptual hash of the last screen before an action
    last_screen_step integer                              -- the step that captured it
);

CREATE INDEX run_digests_of_owner ON run_digests (owner, task_id DESC);
CREATE INDEX run_digests_of_text  ON run_digests (owner, task_text, task_id DESC);


-- Texts whose insights are no longer what their runs teach.
CREATE TABLE stale_texts (
    owner     text        NOT NULL,
    task_text text        NOT NULL,
    due_at    timestamptz NOT NULL DEFAULT now(),

    PRIMARY KEY (owner, task_text)
);

CREATE INDEX stale_texts_by_turn ON stale_texts (due_at, owner, task_text);


-- What the runs of a task text teach. All of a text are made anew together.
CREATE TABLE insights (
    id        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner     text        NOT NULL,
    task_text text        NOT NULL,
    kind      text        NOT NULL,                       -- such as flaky
    runs      uuid[]      NOT NULL,                       -- that show it, newest first
    steps     text[]      NOT NULL,                       -- step_ids that show it
    figures   jsonb       NOT NULL,
    found_at  timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX insights_of_owner ON insights (owner, id DESC);
CREATE INDEX insights_of_text  ON insights (owner, task_text);
