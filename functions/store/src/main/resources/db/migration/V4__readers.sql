-- Who may read what belongs to somebody else, and who has read what.

CREATE TABLE share_links (
    id                bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    task_id           uuid        NOT NULL REFERENCES tasks,
    token_hash        bytea       NOT NULL UNIQUE,        -- SHA-256 of the token, which is stored nowhere
    created_by        text        NOT NULL,
    created_at        timestamptz NOT NULL DEFAULT now(),
    expires_at        timestamptz NOT NULL,
    revoked_at        timestamptz,
    include_sensitive boolean     NOT NULL DEFAULT false
);

CREATE INDEX share_links_of_task ON share_links (task_id);


-- Identity columns of partitioned tables came with Postgres 17; a sequence does the same before.
CREATE SEQUENCE audit_log_id;

CREATE TABLE audit_log (
    at         timestamptz NOT NULL DEFAULT now(),
    id         bigint      NOT NULL DEFAULT nextval('audit_log_id'),
    caller     text        NOT NULL,
    action     text        NOT NULL,                      -- such as read_steps
    task_id    uuid,                                      -- no foreign key: the log outlives what it tells of
    task_owner text,
    detail     jsonb,

    PRIMARY KEY (at, id)
) PARTITION BY RANGE (at);

ALTER SEQUENCE audit_log_id OWNED BY audit_log.id;

CREATE INDEX audit_log_of_owner ON audit_log (task_owner, at DESC, id DESC);
CREATE INDEX audit_log_of_task  ON audit_log (task_id, at DESC) WHERE task_id IS NOT NULL;

CREATE TABLE audit_log_default PARTITION OF audit_log DEFAULT;
