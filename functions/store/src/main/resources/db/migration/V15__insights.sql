-- What steps teach.

-- Which steps did the same? As action_name is, it is derived: a number for the whole action as its agent wrote it, whatever that is and
-- however long; and, since a model points a little beside each time, the place that it touched, such as 499,842, or from where to where it
-- swiped, such as 499,842,499,400. Null where there is none.
ALTER TABLE task_steps
    ADD COLUMN action_hash  bigint GENERATED ALWAYS AS (hashtextextended(step_data #>> '{action}', 0)) STORED,
    ADD COLUMN action_place text   GENERATED ALWAYS AS (substring(regexp_replace(coalesce(step_data #>> '{action,element}',
                                                                                          (step_data #>> '{action,start}') || ','
                                                                                          || (step_data #>> '{action,end}')),
                                                                                 '[][ ]', '', 'g')
                                                                  FROM '^[0-9]{1,5},[0-9]{1,5}(?:,[0-9]{1,5},[0-9]{1,5})?$')) STORED;


-- Of a run, what the rules across runs read: so little that those of years are read text by text, and no step for it.
CREATE TABLE run_digests (
    task_id   uuid        PRIMARY KEY REFERENCES tasks,
    owner     text        NOT NULL,
    task_text text        NOT NULL,                       -- what was asked for, made alike; empty where nothing tells
    error     text,                                       -- of its last step that went wrong, made alike
    path      json        NOT NULL                        -- its first moves: [[step_number, name, target, duration_ms], …]
);

CREATE INDEX run_digests_of_text ON run_digests (owner, task_text, task_id DESC);


-- Texts whose insights are no longer what their runs teach.
CREATE TABLE stale_texts (
    owner     text NOT NULL,
    task_text text NOT NULL,

    PRIMARY KEY (owner, task_text)
);


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
