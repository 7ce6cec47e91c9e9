-- Who may write, and what was written and could not be kept.

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

CREATE UNIQUE INDEX rejected_messages_once    ON rejected_messages (fingerprint);
CREATE INDEX        rejected_messages_of_task ON rejected_messages (task_id) WHERE task_id IS NOT NULL;

SELECT compress_with_lz4('rejected_messages', 'body');
