-- How long the model took, as a report asks it of every step. As action_name is, it is derived: the number that timings tell, cut to
-- whole milliseconds; null where they tell none, or none that a step could take.

ALTER TABLE task_steps
    ADD COLUMN model_ms integer GENERATED ALWAYS AS (substring(step_data #>> '{timings,model_ms}'
                                                               FROM '^([0-9]{1,9})(?:\.[0-9]+)?$')::integer) STORED;
