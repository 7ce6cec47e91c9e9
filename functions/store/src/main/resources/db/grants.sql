-- Privileges of the functions' logins, granted by the owner after each migration. ${owner}, ${ingest}, ${api} and ${export} are
-- roles. The login of operations uses the owner's role and needs no grants. No privilege is needed on partitions, because all
-- statements of these logins name the partitioned table.

-- Removes the privileges that an earlier release granted, and those of PUBLIC.
DO $$
DECLARE
    owned regclass;
BEGIN
    FOR owned IN
        SELECT oid
          FROM pg_class
         WHERE relnamespace = current_schema()::regnamespace
           AND relkind IN ('r', 'p')
           AND NOT relispartition
           AND relowner = quote_ident(current_user)::regrole
    LOOP
        EXECUTE format('REVOKE ALL ON TABLE %s FROM PUBLIC, ${ingest}, ${api}, ${export}', owned);
    END LOOP;
END
$$;

REVOKE ALL ON FUNCTION create_month_partition(text, date), compress_with_lz4(regclass, text[]) FROM PUBLIC;


-- Ingest writes tasks and steps. It can reject a message, but not read rejected ones.
GRANT SELECT                         ON agents, task_processing               TO ${ingest};
GRANT SELECT, INSERT, UPDATE         ON tasks                                 TO ${ingest};
GRANT SELECT, INSERT                 ON task_steps, step_screenshots          TO ${ingest};
GRANT INSERT, SELECT (fingerprint)   ON rejected_messages                     TO ${ingest};


-- The API reads everything that it returns. It changes agents, share links and tasks, deletes tasks with all
-- their rows, and requests jobs of operations.
GRANT SELECT                         ON task_stats_daily, action_stats_daily, step_stats_daily, task_totals_daily,
                                        maintenance_runs                      TO ${api};
GRANT SELECT, UPDATE                 ON tasks                                 TO ${api};
GRANT SELECT, DELETE                 ON task_steps, step_screenshots, findings, insights, task_digests, archives,
                                        rejected_messages                     TO ${api};
GRANT SELECT, INSERT, UPDATE, DELETE ON agents, share_links                   TO ${api};
GRANT SELECT, INSERT                 ON audit_log, admin_jobs, objects_to_delete TO ${api};
GRANT SELECT, INSERT, UPDATE         ON stale_instructions                    TO ${api};
GRANT SELECT, UPDATE (unarchived_since) ON task_processing                    TO ${api};
GRANT USAGE                          ON SEQUENCE audit_log_id                 TO ${api};

-- Exports read tasks, and are recorded in the audit log.
GRANT SELECT                         ON tasks, task_steps, step_screenshots, findings, insights, task_digests, archives
                                                                              TO ${export};
GRANT SELECT, INSERT                 ON audit_log                             TO ${export};
GRANT USAGE                          ON SEQUENCE audit_log_id                 TO ${export};
