-- Statistics by UTC day. Maintenance adds each step once to task_stats_daily and then rebuilds the stale days of the daily
-- tables. Archiving a task does not change statistics; deleting a task removes it from them.
--
-- Names are truncated, and an unknown name is the empty string, because key columns cannot be null and must fit into an index
-- entry. Columns of type bytea contain quantile sketches of times in milliseconds (DDSketch); null if there are no times.

CREATE TABLE task_stats_daily (
    task_id           uuid   NOT NULL REFERENCES tasks,
    day               date   NOT NULL,
    step_type         text   NOT NULL,
    action            text   NOT NULL,                           -- the first 60 characters of action_name
    total_steps       bigint NOT NULL,
    successful_steps  bigint NOT NULL,
    failed_steps      bigint NOT NULL,
    total_duration_ms bigint NOT NULL,
    total_model_ms    bigint NOT NULL,
    retries           bigint NOT NULL,
    screenshots       bigint NOT NULL,
    screenshot_bytes  bigint NOT NULL,
    usage_steps       bigint NOT NULL,                           -- steps whose tokens are known
    input_tokens      bigint NOT NULL,
    cached_tokens     bigint NOT NULL,                           -- of the input tokens
    output_tokens     bigint NOT NULL,
    durations         bytea,
    model_times       bytea,

    PRIMARY KEY (task_id, day, step_type, action)
);

CREATE INDEX task_stats_daily_by_day ON task_stats_daily (day);


-- Days for which the tables below are out of date.
CREATE TABLE stale_days (
    day date PRIMARY KEY
);


CREATE TABLE action_stats_daily (
    day               date   NOT NULL,
    owner             text   NOT NULL,
    agent             text   NOT NULL,                           -- truncated to 80 characters, as are the next two
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
    usage_steps       bigint NOT NULL,
    input_tokens      bigint NOT NULL,
    cached_tokens     bigint NOT NULL,
    output_tokens     bigint NOT NULL,
    durations         bytea,
    model_times       bytea,

    PRIMARY KEY (owner, day, agent, model, device_id, step_type, action)
);

CREATE INDEX action_stats_daily_by_day ON action_stats_daily (day);


-- Totals of action_stats_daily over all actions. Most requests do not group by action, and this table has far fewer rows.
CREATE TABLE step_stats_daily (
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
    usage_steps       bigint NOT NULL,
    input_tokens      bigint NOT NULL,
    cached_tokens     bigint NOT NULL,
    output_tokens     bigint NOT NULL,
    durations         bytea,
    model_times       bytea,

    PRIMARY KEY (owner, day, agent, model, device_id, step_type)
);

CREATE INDEX step_stats_daily_by_day ON step_stats_daily (day);


-- Totals of tasks, by the day on which they started.
CREATE TABLE task_totals_daily (
    day             date   NOT NULL,
    owner           text   NOT NULL,
    agent           text   NOT NULL,
    model           text   NOT NULL,
    device_id       text   NOT NULL,
    end_reason      text   NOT NULL,                             -- the status of tasks without an end reason
    total_tasks     bigint NOT NULL,
    claimed_passes  bigint NOT NULL,                             -- by tasks.claimed_success
    claimed_fails   bigint NOT NULL,
    passes          bigint NOT NULL,                             -- by tasks.success
    fails           bigint NOT NULL,
    unclear         bigint NOT NULL,                             -- by tasks.verdict, as are the next two
    verified_passes bigint NOT NULL,
    verified_fails  bigint NOT NULL,
    disagreements   bigint NOT NULL,                             -- the verdict is not what the agent claims
    total_steps     bigint NOT NULL,
    durations       bytea,

    PRIMARY KEY (owner, day, agent, model, device_id, end_reason)
);

CREATE INDEX task_totals_daily_by_day ON task_totals_daily (day);
