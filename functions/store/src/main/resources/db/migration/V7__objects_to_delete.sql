-- Objects of the bucket that nobody needs any more. Whoever deletes rows writes here, in the same transaction, what they named;
-- a job deletes the objects and then these rows. So nothing is forgotten, and no transaction waits for S3.

CREATE TABLE objects_to_delete (
    key       text        PRIMARY KEY,
    is_prefix boolean     NOT NULL DEFAULT false,         -- whether all keys are meant that begin so, known or not
    added_at  timestamptz NOT NULL DEFAULT now()
);
