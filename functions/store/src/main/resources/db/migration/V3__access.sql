-- Registered senders, share links, rejected messages, jobs, and the audit log.

CREATE TABLE agents (
    sender_id     text        PRIMARY KEY,                       -- an aws:userid, or the part before its colon
    owner         text        NOT NULL,
    on_behalf_of  text[]      NOT NULL DEFAULT '{}',             -- further owners that the sender may record for; * for any
    registered_at timestamptz NOT NULL DEFAULT now(),

    CONSTRAINT agents_sender_length CHECK (length(sender_id) BETWEEN 1 AND 256),
    CONSTRAINT agents_owner_length  CHECK (length(owner) BETWEEN 1 AND 256)
);

CREATE INDEX agents_by_owner ON agents (owner);


CREATE TABLE rejected_messages (
    id               bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    rejected_at      timestamptz NOT NULL DEFAULT now(),
    sender_id        text        NOT NULL,
    owner            text,                                       -- null if the sender was not registered
    task_id          uuid,
    step_number      integer,
    reason           text        NOT NULL,                       -- contains no parts of the body
    body             text        NOT NULL,                       -- as received; can be sent again unchanged
    content_encoding text,                                       -- gzip, or null for plain JSON
    fingerprint      bytea       NOT NULL UNIQUE                 -- SHA-256 of sender, reason and body; rejects duplicates
);

-- Lists by owner and by sender, newest first.
CREATE INDEX rejected_messages_by_owner  ON rejected_messages (owner, id);
CREATE INDEX rejected_messages_by_sender ON rejected_messages (sender_id, id);

-- The list of unregistered senders.
CREATE INDEX rejected_messages_unregistered ON rejected_messages (sender_id, rejected_at) WHERE owner IS NULL;

-- For the orphan check, which keeps objects that rejected messages may refer to.
CREATE INDEX rejected_messages_by_task      ON rejected_messages (task_id)   WHERE task_id IS NOT NULL;
CREATE INDEX rejected_messages_without_task ON rejected_messages (sender_id) WHERE task_id IS NULL;

SELECT compress_with_lz4('rejected_messages', 'body');


-- Work that a user requests through the API and that another function does.
CREATE TABLE jobs (
    job_id       uuid        PRIMARY KEY,                        -- version 7
    kind         text        NOT NULL,
    argument     text        NOT NULL,                           -- the id of the rejected message or of the task, or a hash of the request
    request      json,                                           -- of a bulk change: the filter and the change
    requested_by text        NOT NULL,
    requested_at timestamptz NOT NULL DEFAULT now(),
    state        text        NOT NULL DEFAULT 'queued',
    attempts     integer     NOT NULL DEFAULT 0,                 -- since the last progress
    started_at   timestamptz,                                    -- of the last attempt
    progress     json,                                           -- of a bulk change: the counts so far
    resume_after text,                                           -- of a bulk change: the last task of the batches that are done
    ended_at     timestamptz,
    result       json,
    error        text,                                           -- contains no parts of a message or a task

    CONSTRAINT jobs_kind    CHECK (kind IN ('retry_rejected', 'restore_task', 'bulk_tags', 'bulk_verdicts')),
    CONSTRAINT jobs_request CHECK ((kind IN ('bulk_tags', 'bulk_verdicts')) = (request IS NOT NULL)),
    CONSTRAINT jobs_state   CHECK (state IN ('queued', 'running', 'done', 'failed')),
    CONSTRAINT jobs_result  CHECK ((state = 'done') = (result IS NOT NULL)),
    CONSTRAINT jobs_error   CHECK ((state = 'failed') = (error IS NOT NULL))
);

-- A request for a job that has not ended returns that job.
CREATE UNIQUE INDEX jobs_unfinished ON jobs (kind, argument) WHERE state IN ('queued', 'running');

CREATE INDEX jobs_by_end ON jobs (ended_at) WHERE ended_at IS NOT NULL;


CREATE TABLE share_links (
    id                  bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    task_id             uuid        NOT NULL REFERENCES tasks,
    token_hash          bytea       NOT NULL UNIQUE,             -- SHA-256 of the token; the token is not stored
    created_by          text        NOT NULL,
    created_at          timestamptz NOT NULL DEFAULT now(),
    expires_at          timestamptz NOT NULL,
    revoked_at          timestamptz,
    include_sensitive   boolean     NOT NULL DEFAULT false,
    include_details     boolean     NOT NULL DEFAULT false,      -- owner, device, S3 keys and unknown fields
    include_judgements  boolean     NOT NULL DEFAULT false,      -- verdicts, tags, labels, notes and the experiment
    include_model_calls boolean     NOT NULL DEFAULT false       -- tokens, cost, and what models received and returned
);

CREATE INDEX share_links_by_task   ON share_links (task_id);
CREATE INDEX share_links_by_expiry ON share_links (expires_at);


-- A sequence instead of an identity column: partitioned tables support identity columns from Postgres 17 on.
CREATE SEQUENCE audit_log_id;

CREATE TABLE audit_log (
    at         timestamptz NOT NULL DEFAULT now(),
    id         bigint      NOT NULL DEFAULT nextval('audit_log_id'),
    caller     text        NOT NULL,
    action     text        NOT NULL,                             -- such as read_steps
    task_id    uuid,                                             -- no foreign key: entries outlive the task
    task_owner text,
    detail     jsonb,

    PRIMARY KEY (at, id)
) PARTITION BY RANGE (at);

ALTER SEQUENCE audit_log_id OWNED BY audit_log.id;

CREATE INDEX audit_log_by_owner ON audit_log (task_owner, at DESC, id DESC);
CREATE INDEX audit_log_by_task  ON audit_log (task_id, at DESC) WHERE task_id IS NOT NULL;

CREATE TABLE audit_log_default PARTITION OF audit_log DEFAULT;
