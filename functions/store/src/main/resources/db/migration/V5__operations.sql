-- What operations keep, and the months to begin with.

-- Steps of a day (UTC), added up. An unknown agent, model or device is the empty string: a key has no nulls.
CREATE TABLE step_stats_daily (
    day               date    NOT NULL,
    owner             text    NOT NULL,
    agent             text    NOT NULL,
    model             text    NOT NULL,
    device_id         text    NOT NULL,
    step_type         text    NOT NULL,
    total_steps       bigint  NOT NULL,
    successful_steps  bigint  NOT NULL,
    failed_steps      bigint  NOT NULL,
    total_duration_ms bigint  NOT NULL,

    PRIMARY KEY (owner, day, agent, model, device_id, step_type)
);

CREATE INDEX step_stats_daily_by_day ON step_stats_daily (day);


-- What somebody should look at in a task: a loop, a gap, a clock that ran backwards.
CREATE TABLE findings (
    id       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    task_id  uuid        NOT NULL REFERENCES tasks,
    kind     text        NOT NULL,                        -- such as loop
    steps    integer[]   NOT NULL,
    detail   jsonb,
    found_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX findings_of_task ON findings (task_id);


CREATE TABLE maintenance_runs (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind       text        NOT NULL,                      -- such as retention
    started_at timestamptz NOT NULL DEFAULT now(),
    ended_at   timestamptz,
    outcome    text,                                      -- null while it runs
    resume_at  text,                                      -- where the next run goes on
    counts     jsonb       NOT NULL DEFAULT '{}',

    CONSTRAINT maintenance_runs_outcome CHECK (outcome IN ('done', 'out_of_time', 'failed'))
);

CREATE INDEX maintenance_runs_latest ON maintenance_runs (kind, started_at DESC);


-- From last year's January to three months ahead: last year's, because recorded runs are imported long after they happened.
SELECT make_month_partitions(
    (date_trunc('year', now() AT TIME ZONE 'UTC') - interval '1 year')::date,
    ((now() AT TIME ZONE 'UTC') + interval '3 months')::date);
