package dev.steptrail.store.roles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.aws.Settings;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.StoreException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests what each login may do. The tests of the functions run with their logins too, and show missing privileges. */
@Tag("slow")
class FunctionLoginsIT {
    private static final TestDatabase DATABASE = TestDatabase.migrated();

    private static void run(FunctionLogin login, String sql) {
        try (Database database = DATABASE.database(login)) {
            database.inTransaction(session -> {
                session.sql(sql).update();
                session.rollback();
                return true;
            });
        }
    }

    private static void assertRefused(FunctionLogin login, String sql) {
        assertThatThrownBy(() -> run(login, sql))
                .as("%s: %s", login, sql)
                .isInstanceOf(StoreException.Unavailable.class)
                .hasMessageContaining("SQLSTATE 42501");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "INGEST | SELECT body FROM rejected_messages",
                "INGEST | DELETE FROM rejected_messages",
                "INGEST | SELECT caller FROM audit_log",
                "INGEST | INSERT INTO audit_log (caller, action) VALUES ('a', 'b')",
                "INGEST | SELECT id FROM share_links",
                "INGEST | UPDATE agents SET owner = 'mallory'",
                "INGEST | INSERT INTO agents (sender_id, owner) VALUES ('a', 'b')",
                "INGEST | DELETE FROM tasks",
                "INGEST | DELETE FROM task_steps",
                "INGEST | UPDATE task_steps SET thinking = ''",
                "INGEST | SELECT key FROM archives",
                "INGEST | UPDATE tasks SET keep = true",
                "INGEST | UPDATE tasks SET deleted_at = now(), status = 'deleted'",
                "INGEST | UPDATE tasks SET restored_at = now()",
                "INGEST | INSERT INTO tasks (task_id, owner, started_at, keep)"
                        + " VALUES (gen_random_uuid(), 'alice', now(), true)",
                "INGEST | INSERT INTO tasks (task_id, owner, started_at, status, deleted_at)"
                        + " VALUES (gen_random_uuid(), 'alice', now(), 'deleted', now())",
                "INGEST | INSERT INTO rejected_messages (rejected_at, sender_id, reason, body, fingerprint)"
                        + " VALUES (now(), 'a', '', '', '')",
                "API    | UPDATE tasks SET owner = 'mallory'",
                "API    | UPDATE tasks SET task_id = gen_random_uuid()",
                "API    | UPDATE agents SET registered_at = now()",
                "API    | UPDATE share_links SET expires_at = now()",
                "API    | UPDATE share_links SET include_sensitive = true",
                "API    | UPDATE task_processing SET changed_at = now()",
                "API    | INSERT INTO jobs (job_id, kind, argument, requested_by, state, result)"
                        + " VALUES (gen_random_uuid(), 'restore_task', '', 'a', 'done', '{}')",
                "API    | INSERT INTO jobs (job_id, kind, argument, requested_by, attempts)"
                        + " VALUES (gen_random_uuid(), 'restore_task', '', 'a', 9)",
                "API    | INSERT INTO jobs (job_id, kind, argument, request, requested_by, progress, resume_after)"
                        + " VALUES (gen_random_uuid(), 'bulk_tags', '', '{}', 'a', '{}', '')",
                "API    | UPDATE jobs SET request = '{}'",
                "INGEST | UPDATE tasks SET tags = '{}'",
                "INGEST | UPDATE tasks SET verdict = 'pass', verdict_source = 'human'",
                "INGEST | UPDATE tasks SET judged_at = now()",
                "INGEST | INSERT INTO jobs (job_id, kind, argument, request, requested_by)"
                        + " VALUES (gen_random_uuid(), 'bulk_tags', '', '{}', 'a')",
                "API    | INSERT INTO audit_log (caller, action, at) VALUES ('a', 'b', now())",
                "API    | INSERT INTO audit_log (caller, action, id) VALUES ('a', 'b', 1)",
                "EXPORT | INSERT INTO audit_log (caller, action, at) VALUES ('a', 'b', now())",
                "EXPORT | INSERT INTO audit_log (caller, action, id) VALUES ('a', 'b', 1)",
                "API    | SELECT task_id FROM rows_to_delete",
                "API    | INSERT INTO tasks (task_id, owner, started_at) VALUES (gen_random_uuid(), 'alice', now())",
                "API    | INSERT INTO task_steps (task_id, step_number, step_type, step_data, created_at)"
                        + " VALUES (gen_random_uuid(), 1, 'action', '{}', now())",
                "API    | UPDATE task_steps SET thinking = ''",
                "API    | INSERT INTO rejected_messages (sender_id, reason, body, fingerprint) VALUES ('a', '', '', '')",
                "API    | UPDATE archives SET state = 'restored'",
                "API    | UPDATE jobs SET state = 'queued'",
                "API    | UPDATE step_screenshots SET screenshot_path = ''",
                "API    | DELETE FROM tasks",
                "API    | DELETE FROM audit_log",
                "API    | UPDATE audit_log SET caller = 'mallory'",
                "API    | UPDATE findings SET kind = ''",
                "API    | INSERT INTO insights (owner, instruction, kind, tasks, tasks_started_at, steps, figures)"
                        + " VALUES ('a', '', 'flaky', '{}', '{}', '{}', '{}')",
                "API    | DELETE FROM maintenance_runs",
                "API    | DELETE FROM objects_to_delete",
                "INGEST | SELECT kind FROM jobs",
                "EXPORT | SELECT kind FROM jobs",
                "EXPORT | UPDATE tasks SET name = ''",
                "EXPORT | DELETE FROM task_steps",
                "EXPORT | SELECT sender_id FROM agents",
                "EXPORT | SELECT body FROM rejected_messages",
                "EXPORT | SELECT token_hash FROM share_links",
                "EXPORT | DELETE FROM audit_log"
            })
    void workOfAnotherFunction_isRefused(FunctionLogin login, String sql) {
        assertRefused(login, sql);
    }

    @ParameterizedTest
    @EnumSource(names = "OPERATIONS", mode = EnumSource.Mode.EXCLUDE)
    void schemaChange_isRefused(FunctionLogin login) {
        for (String sql : List.of(
                "SELECT create_month_partition('task_steps', '2099-01-01')",
                "DROP TABLE task_steps_default",
                "ALTER TABLE task_steps DETACH PARTITION task_steps_default",
                "TRUNCATE task_steps",
                "CREATE TABLE mine (id integer)",
                "ALTER TABLE tasks ADD COLUMN mine integer",
                "SELECT count(*) FROM flyway_schema_history",
                "SET LOCAL ROLE test_owner")) {
            assertRefused(login, sql);
        }
    }

    @Test
    void ingest_setsTheOwnerOfATask_onlyUntilItHasStarted_andDeletesNone() {
        String insert = "INSERT INTO tasks (task_id, owner, started_at, start_received)"
                + " SELECT gen_random_uuid(), 'alice', now(), %s;";
        String update = " UPDATE tasks SET %s WHERE owner = 'alice'";

        assertThatCode(() -> run(
                        FunctionLogin.INGEST,
                        insert.formatted("false") + update.formatted("owner = 'bob', start_received = true")))
                .doesNotThrowAnyException();
        assertRefused(FunctionLogin.INGEST, insert.formatted("true") + update.formatted("owner = 'bob'"));
        assertRefused(FunctionLogin.INGEST, insert.formatted("true") + update.formatted("start_received = false"));
        assertThatThrownBy(() ->
                        run(FunctionLogin.INGEST, insert.formatted("false") + update.formatted("status = 'deleted'")))
                .hasMessageContaining("SQLSTATE 23514");
    }

    @Test
    void ingest_writesOnlyAutomaticVerdictsWithoutAuthor_andATriggerSetsThoseOfTasks() {
        UUID task = UUID.randomUUID();
        DATABASE.execute("INSERT INTO tasks (task_id, owner, started_at) VALUES ('" + task + "', 'alice', now())");
        DATABASE.execute(
                "INSERT INTO verdicts (task_id, name, value, source, judge, author, judged_at) VALUES ('" + task
                        + "', 'success', 'fail', 'human', 'ann', 'ann', now()), ('" + task
                        + "', 'success', 'fail', 'automatic', 'judge', 'ann', now())");
        String insert = "INSERT INTO verdicts (task_id, name, value, source, judge, judged_at) VALUES ('" + task
                + "', 'success', 'pass', '%s', 'other', now())";

        assertRefused(FunctionLogin.INGEST, insert.formatted("human"));
        assertRefused(FunctionLogin.INGEST, "UPDATE verdicts SET value = 'pass' WHERE source = 'human'");
        assertRefused(FunctionLogin.INGEST, "UPDATE verdicts SET author = 'bob' WHERE source = 'automatic'");
        assertThatCode(() -> run(
                        FunctionLogin.INGEST,
                        insert.formatted("automatic")
                                + "; UPDATE verdicts SET value = 'pass', author = NULL WHERE judge = 'judge'"))
                .doesNotThrowAnyException();
        assertThatCode(() -> run(FunctionLogin.API, insert.formatted("human"))).doesNotThrowAnyException();
    }

    /** A temporary table must not receive what the trigger writes with the rights of the tables' owner. */
    @Test
    void temporaryTable_doesNotReplaceATableOfTheTriggerOfVerdicts() {
        UUID task = UUID.randomUUID();
        DATABASE.execute("INSERT INTO tasks (task_id, owner, started_at) VALUES ('" + task + "', 'alice', now())");

        try (Database database = DATABASE.database(FunctionLogin.INGEST)) {
            database.inTransaction(session -> {
                session.sql("CREATE TEMP TABLE tasks ON COMMIT DROP AS SELECT * FROM public.tasks")
                        .update();
                session.sql("INSERT INTO public.verdicts (task_id, name, value, source, judge, judged_at) VALUES ('"
                                + task + "', 'success', 'pass', 'automatic', 'judge', now())")
                        .update();
                return true;
            });
        }

        assertThat(DATABASE.task(task, "verdict")).isEqualTo("pass");
    }

    /**
     * A login that may execute such a function can attach it to a table that it owns, and run code with the owner's
     * rights.
     */
    @Test
    void functionsWithTheRightsOfTheirOwner_canBeExecutedByNobodyElse_andSearchTemporaryTablesLast() {
        String functions = " FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef";

        assertThat(DATABASE.column("SELECT DISTINCT proconfig::text" + functions))
                .containsExactly("{\"search_path=pg_catalog, public, pg_temp\"}");
        assertThat(DATABASE.column("SELECT DISTINCT coalesce((SELECT string_agg(grantee::regrole::text, ' ')"
                        + " FROM aclexplode(proacl)), 'everyone')" + functions))
                .containsExactly("test_owner");
    }

    @ParameterizedTest
    @EnumSource(names = "OPERATIONS", mode = EnumSource.Mode.EXCLUDE)
    void triggerFunctionOfTheOwner_cannotRunTheCodeOfALogin(FunctionLogin login) {
        assertRefused(login, """
                CREATE TYPE pg_temp.evil AS (id uuid);
                CREATE FUNCTION pg_temp.id_of(pg_temp.evil) RETURNS uuid LANGUAGE plpgsql AS $$
                BEGIN
                    EXECUTE 'DELETE FROM public.audit_log';
                    RETURN ($1).id;
                END $$;
                CREATE CAST (pg_temp.evil AS uuid) WITH FUNCTION pg_temp.id_of(pg_temp.evil) AS IMPLICIT;
                CREATE TEMP TABLE mine (task_id pg_temp.evil);
                CREATE TRIGGER escalation AFTER INSERT ON mine REFERENCING NEW TABLE AS changed
                    FOR EACH STATEMENT EXECUTE FUNCTION public.set_counted_verdict();
                INSERT INTO mine VALUES (ROW(gen_random_uuid())::pg_temp.evil);
                """);
    }

    @ParameterizedTest
    @CsvSource({"INGEST, 1min 1GB 0", "API, 1min 1GB 10s", "EXPORT, 1min 1GB 0", "OPERATIONS, 0 -1 0"})
    void login_hasLimitsOfIdleTransactionsTemporaryFilesAndIdleSessions(FunctionLogin login, String expected) {
        try (Database database = DATABASE.database(login)) {
            String limits = database.read(session -> session.sql(
                            "SELECT concat_ws(' ', current_setting('idle_in_transaction_session_timeout'),"
                                    + " current_setting('temp_file_limit'), current_setting('idle_session_timeout'))")
                    .single(row -> row.getString(1)));
            assertThat(limits).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            API        | INSERT INTO rows_to_delete (task_id) SELECT task_id FROM tasks WHERE deleted_at IS NOT NULL
            OPERATIONS | DO $$ BEGIN PERFORM create_month_partition('task_steps', '2099-01-01'); DROP TABLE task_steps_2099_01; END $$
            """)
    void workOfTheFunction_isAccepted(FunctionLogin login, String sql) {
        assertThatCode(() -> run(login, sql)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @EnumSource
    void login_cannotReadTheOthersPasswords_orCreateRoles(FunctionLogin login) {
        assertRefused(login, "SELECT rolpassword FROM pg_authid");
        assertRefused(login, "CREATE ROLE mallory");
        assertRefused(login, "ALTER ROLE test_api SUPERUSER");
    }

    @Test
    void owner_cannotLogIn_andOwnsEveryTable_andPasswordsAreStoredAsScramVerifiers() {
        assertThat(DATABASE.column("SELECT DISTINCT rolcanlogin || ' ' || coalesce(split_part(rolpassword, '$', 1), '')"
                        + " FROM pg_authid WHERE rolname LIKE 'test\\_%' ORDER BY 1"))
                .containsExactly("false ", "true SCRAM-SHA-256");
        assertThat(DATABASE.value("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'test_owner'"))
                .isEqualTo("f");
        assertThat(DATABASE.column("SELECT DISTINCT pg_get_userbyid(relowner)::text FROM pg_class"
                        + " WHERE relnamespace = 'public'::regnamespace"))
                .containsExactly("test_owner");
    }

    @Test
    void loginUser_behindAPoolerWithAProjectInUserNames_containsIt() {
        Settings settings = new Settings(DATABASE.settings());
        try (DatabaseRoles direct = DatabaseRoles.connect(settings, "postgres", "dev");
                DatabaseRoles pooled = DatabaseRoles.connect(settings, "postgres.abcdefghij", "dev")) {
            assertThat(direct.loginUser(FunctionLogin.API)).isEqualTo("dev_api");
            assertThat(pooled.loginUser(FunctionLogin.API)).isEqualTo("dev_api.abcdefghij");
        }
    }
}
