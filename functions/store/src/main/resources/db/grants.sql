-- Privileges of the functions' logins, granted by the owner after each migration. ${owner}, ${ingest}, ${api} and ${export} are
-- roles. The login of operations uses the owner's role and needs no grants. No privilege is needed on partitions, because all
-- statements of these logins name the partitioned table. All earlier privileges were revoked before.
--
-- Columns are listed where a login must not set the others: the times of entries, the states of jobs, the owner of a task.

REVOKE ALL ON FUNCTION create_month_partition(text, date), compress_with_lz4(regclass, text[]), set_counted_verdict()
           FROM PUBLIC;


-- Ingest writes tasks and steps. It can reject a message, but not read rejected ones. It cannot exempt a task from retention, or
-- delete one: a deleted task has deleted_at. A trigger allows it to change a task's owner only until task_started has arrived.
-- Then it revokes the share links of the previous owner.
GRANT SELECT                         ON agents, task_processing, tasks        TO ${ingest};
GRANT INSERT (task_id, owner, start_received, started_at, name, description, agent, model, device_id, previous_task_id,
              metadata, experiment, case_id, repeat, attributes, extra_start_fields, dropped_steps, dropped_screenshots,
              losses),
      UPDATE (owner, start_received, started_at, name, description, agent, model, device_id, previous_task_id,
              metadata, experiment, case_id, repeat, attributes, extra_start_fields, dropped_steps, dropped_screenshots,
              losses, received_at, total_steps, successful_steps, failed_steps, total_duration_ms, last_step_at,
              conflicting_steps, status, archived_status, end_reason, message, ended_at, last_step_number, extra_end_fields)
                                     ON tasks                                 TO ${ingest};
GRANT SELECT, INSERT                 ON task_steps, step_screenshots          TO ${ingest};
-- The verdicts of evaluators: triggers refuse human ones, and set the verdict of the task. The trigger on tasks writes the facets.
GRANT INSERT (task_id, name, value, score, source, judge, evaluator_version, reason, tie_breaker, judged_at,
              ahead_until),
      UPDATE (value, score, evaluator_version, author, reason, tie_breaker, judged_at, ahead_until, deleted_at),
      SELECT                         ON verdicts                              TO ${ingest};
GRANT SELECT, INSERT (task_id, sender_id, hash, record), DELETE
                                     ON early_verdicts                        TO ${ingest};
GRANT SELECT, INSERT, DELETE         ON task_facets                           TO ${ingest};
GRANT SELECT, INSERT, UPDATE         ON task_usage                            TO ${ingest};
GRANT SELECT (task_id, revoked_at), UPDATE (revoked_at)
                                     ON share_links                           TO ${ingest};
GRANT INSERT (sender_id, owner, task_id, step_number, reason, body, content_encoding, fingerprint),
      SELECT (fingerprint)           ON rejected_messages                     TO ${ingest};


-- The API reads everything that it returns. It changes agents, share links and tasks, deletes tasks with all
-- their rows, and requests jobs of operations.
GRANT SELECT                         ON tasks, task_processing, task_stats_daily, action_stats_daily, step_stats_daily,
                                        task_totals_daily, maintenance_runs   TO ${api};
-- All columns that the deletion of a task clears.
GRANT UPDATE (name, description, agent, model, device_id, status, end_reason, message, previous_task_id, start_received,
              started_at, ended_at, last_step_at, last_step_number, received_at, total_steps, successful_steps, failed_steps,
              total_duration_ms, dropped_steps, dropped_screenshots, conflicting_steps, losses, metadata,
              extra_start_fields, extra_end_fields, keep, archived_status, restored_at, deleted_at, experiment, case_id,
              repeat, attributes, tags, verdict, verdict_source, judged_at)
                                     ON tasks                                 TO ${api};
GRANT SELECT, DELETE                 ON task_steps, step_screenshots, findings, insights, task_digests, archives,
                                        rejected_messages, agents, share_links TO ${api};
GRANT SELECT, DELETE                 ON verdicts, step_labels, notes, task_usage, task_facets TO ${api};
GRANT INSERT (task_id, name, value, score, source, judge, evaluator_version, author, reason, tie_breaker, judged_at),
      UPDATE (value, score, evaluator_version, author, reason, tie_breaker, judged_at, deleted_at)
                                     ON verdicts                              TO ${api};
GRANT INSERT (task_id, step_number, label, author)
                                     ON step_labels                           TO ${api};
GRANT INSERT (task_id, step_number, author, text), UPDATE (text, edited_at)
                                     ON notes                                 TO ${api};
GRANT INSERT                         ON task_facets                           TO ${api};
GRANT SELECT, INSERT (model, valid_from, currency, input_price, cached_price, output_price, set_by),
      UPDATE (currency, input_price, cached_price, output_price, set_by, set_at), DELETE
                                     ON prices                                TO ${api};
GRANT INSERT (task_id)               ON rows_to_delete                        TO ${api};
GRANT INSERT (sender_id, owner, on_behalf_of), UPDATE (owner, on_behalf_of)
                                     ON agents                                TO ${api};
GRANT INSERT (task_id, token_hash, created_by, expires_at, include_sensitive, include_details,
              include_judgements, include_model_calls), UPDATE (revoked_at)
                                     ON share_links                           TO ${api};
GRANT SELECT, INSERT (caller, action, task_id, task_owner, detail)
                                     ON audit_log                             TO ${api};
GRANT SELECT, INSERT (job_id, kind, argument, requested_by, request)
                                     ON jobs                                  TO ${api};
GRANT SELECT, INSERT                 ON objects_to_delete                     TO ${api};
GRANT SELECT, INSERT (owner, instruction), UPDATE (owner)
                                     ON stale_instructions                    TO ${api};
GRANT UPDATE (unarchived_since)      ON task_processing                       TO ${api};
GRANT USAGE                          ON SEQUENCE audit_log_id                 TO ${api};

-- Exports read tasks, and are recorded in the audit log.
GRANT SELECT                         ON tasks, task_steps, step_screenshots, findings, insights, task_digests, archives,
                                        verdicts, step_labels, notes, task_usage, task_facets, prices
                                                                              TO ${export};
GRANT SELECT, INSERT (caller, action, task_id, task_owner, detail)
                                     ON audit_log                             TO ${export};
GRANT USAGE                          ON SEQUENCE audit_log_id                 TO ${export};
