-- Statistics.

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


-- What a task adds to the two tables that follow.
CREATE TABLE task_measures_daily (
    task_id           uuid   NOT NULL REFERENCES tasks,
    day               date   NOT NULL,                    -- UTC
    step_type         text   NOT NULL,
    action            text   NOT NULL,                    -- its action_name; empty where it has none
    total_steps       bigint NOT NULL,
    successful_steps  bigint NOT NULL,
    failed_steps      bigint NOT NULL,
    total_duration_ms bigint NOT NULL,
    total_model_ms    bigint NOT NULL,
    retries           bigint NOT NULL,
    screenshots       bigint NOT NULL,
    screenshot_bytes  bigint NOT NULL,
    durations         bytea,                              -- null where no step tells
    model_times       bytea,

    PRIMARY KEY (task_id, day, step_type, action)
);

CREATE INDEX task_measures_daily_by_day ON task_measures_daily (day);


-- Steps of a day (UTC), measured, by action too. Beside owner and names an action may be too long for an index, so there is no key; each row
-- is made once, as its day is rebuilt.
CREATE TABLE action_measures_daily (
    day               date   NOT NULL,
    owner             text   NOT NULL,
    agent             text   NOT NULL,
    model             text   NOT NULL,
    device_id         text   NOT NULL,
    step_type         text   NOT NULL,
    action            text   NOT NULL,
    total_steps       bigint NOT NULL,
    successful_steps  bigint NOT NULL,
    failed_steps      bigint NOT NULL,
    total_duration_ms bigint NOT NULL,
    total_model_ms    bigint NOT NULL,
    retries           bigint NOT NULL,
    screenshots       bigint NOT NULL,
    screenshot_bytes  bigint NOT NULL,
    durations         bytea,
    model_times       bytea
);

CREATE INDEX action_measures_daily_of_owner ON action_measures_daily (owner, day);
CREATE INDEX action_measures_daily_by_day   ON action_measures_daily (day);


-- The same, of all actions: what most ask for, in as few rows as there can be.
CREATE TABLE step_measures_daily (
    day               date   NOT NULL,
    owner             text   NOT NULL,
    agent             text   NOT NULL,
    model             text   NOT NULL,
    device_id         text   NOT NULL,
    step_type         text   NOT NULL,
    total_steps       bigint NOT NULL,
    successful_steps  bigint NOT NULL,
    failed_steps      bigint NOT NULL,
    total_duration_ms bigint NOT NULL,
    total_model_ms    bigint NOT NULL,
    retries           bigint NOT NULL,
    screenshots       bigint NOT NULL,
    screenshot_bytes  bigint NOT NULL,
    durations         bytea,
    model_times       bytea,

    PRIMARY KEY (owner, day, agent, model, device_id, step_type)
);

CREATE INDEX step_measures_daily_by_day ON step_measures_daily (day);


-- Runs that began on a day (UTC).
CREATE TABLE run_stats_daily (
    day            date   NOT NULL,
    owner          text   NOT NULL,
    agent          text   NOT NULL,
    model          text   NOT NULL,
    device_id      text   NOT NULL,
    ending         text   NOT NULL,                       -- where a run has none, its status
    total_runs     bigint NOT NULL,
    ended_runs     bigint NOT NULL,
    succeeded_runs bigint NOT NULL,
    total_steps    bigint NOT NULL,
    durations      bytea,

    PRIMARY KEY (owner, day, agent, model, device_id, ending)
);

CREATE INDEX run_stats_daily_by_day ON run_stats_daily (day);
