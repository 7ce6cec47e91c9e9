-- Who may write and read, what was rejected, and who has read what.

CREATE TABLE agents (
    sender_id     text        PRIMARY KEY,                -- a whole aws:userid, or the part before its colon
    owner         text        NOT NULL,
    on_behalf_of  text[]      NOT NULL DEFAULT '{}',      -- further owners whom it may record for; * for any
    registered_at timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT agents_sender_length CHECK (length(sender_id) BETWEEN 1 AND 256),
    CONSTRAINT agents_owner_length  CHECK (length(owner) BETWEEN 1 AND 256)
);

CREATE INDEX agents_of_owner ON agents (owner);


CREATE TABLE rejected_messages (
    id               bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    rejected_at      timestamptz NOT NULL DEFAULT now(),
    sender_id        text        NOT NULL,
    owner            text,                                -- null for a sender that nobody registered
    task_id          uuid,
    step_number      integer,
    reason           text        NOT NULL,                -- never quotes the body
    body             text        NOT NULL,                -- a message that can be sent again as it is
    content_encoding text,                                -- gzip, or null for plain JSON
    fingerprint      bytea       NOT NULL                 -- SHA-256 of sender, reason and body: delivered twice, kept once
);

CREATE UNIQUE INDEX rejected_messages_once       ON rejected_messages (fingerprint);
CREATE INDEX        rejected_messages_of_task    ON rejected_messages (task_id)   WHERE task_id IS NOT NULL;
CREATE INDEX        rejected_messages_of_no_task ON rejected_messages (sender_id) WHERE task_id IS NULL;
CREATE INDEX        rejected_messages_of_owner   ON rejected_messages (owner, id);
CREATE INDEX        rejected_messages_of_sender  ON rejected_messages (sender_id, id);

SELECT compress_with_lz4('rejected_messages', 'body');


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
