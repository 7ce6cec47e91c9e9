-- On which screens runs end, and what all runs of an owner do.

-- The last screen that the agent saw before it acted: its perceptual hash, and the step before which it was seen. Both null where that has no
-- such hash, and of digests that were made before.
ALTER TABLE run_digests
    ADD COLUMN last_screen      bigint,
    ADD COLUMN last_screen_step integer;

-- The latest runs of an owner, whatever was asked.
CREATE INDEX run_digests_of_owner ON run_digests (owner, task_id DESC);
