-- What maintenance knows of tasks from its last look at them, and the steps of each, added up.

-- Of which tasks is there news? Few are changed or deleted long after their neighbours, so a BRIN index of a few pages finds
-- them. From Postgres 16 on it lets an update of a task stay in its page, as an index of another kind would not.
CREATE INDEX tasks_by_news ON tasks USING brin (greatest(received_at, deleted_at))
    WITH (pages_per_range = 16, autosummarize = on);


CREATE TABLE task_looks (
    task_id uuid           PRIMARY KEY REFERENCES tasks,
    news_at timestamptz    NOT NULL,                      -- of its news, those that were looked at
    numbers int8multirange NOT NULL                       -- of the steps that were counted, wherever their rows are now
);

CREATE INDEX task_looks_by_news ON task_looks (news_at);


-- What a task adds to step_stats_daily. An archived task goes on to count; so does one that changes hands, elsewhere.
CREATE TABLE task_stats_daily (
    task_id           uuid   NOT NULL REFERENCES tasks,
    day               date   NOT NULL,                    -- UTC
    step_type         text   NOT NULL,
    total_steps       bigint NOT NULL,
    successful_steps  bigint NOT NULL,
    failed_steps      bigint NOT NULL,
    total_duration_ms bigint NOT NULL,

    PRIMARY KEY (task_id, day, step_type)
);

CREATE INDEX task_stats_daily_by_day ON task_stats_daily (day);


-- Days of which step_stats_daily is no longer what task_stats_daily adds up to.
CREATE TABLE stale_days (
    day date PRIMARY KEY
);
