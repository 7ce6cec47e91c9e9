-- A run of maintenance, some of which failed by itself while the rest was done, is neither done nor failed.

ALTER TABLE maintenance_runs
    DROP CONSTRAINT maintenance_runs_outcome,
    ADD CONSTRAINT maintenance_runs_outcome CHECK (outcome IN ('done', 'partly_done', 'out_of_time', 'failed'));


-- Of what sender is there a rejected message of which nobody knows the task? Any object of that sender may be needed for it.
CREATE INDEX rejected_messages_of_no_task ON rejected_messages (sender_id) WHERE task_id IS NULL;
