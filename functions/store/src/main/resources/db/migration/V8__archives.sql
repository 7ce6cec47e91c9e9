-- What retention took out of the tables, and where in the bucket it lies now.

ALTER TABLE tasks
    ADD COLUMN archived_status text,                      -- of an archived task: its status before
    ADD COLUMN restored_at     timestamptz;               -- retention counts from here, if nothing came later


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
