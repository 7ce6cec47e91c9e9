package dev.steptrail.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.aws.Settings;
import dev.steptrail.store.TestContext;
import dev.steptrail.store.roles.MigrationLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which migrations run, and how migrations that cannot run fail. */
@Tag("slow")
class MigrateHandlerIT extends MigrateHandlerTestBase {
    @Test
    void migrate_onAnEmptyDatabase_runsEachMigrationOnce_andCreatesALoginPerFunction_withoutLoggingPasswords() {
        MigrateHandler handler = handler("CREATEROLE");

        Map<String, Object> first = handler.handleRequest(Map.of(), context);
        Map<String, String> written = PARAMETERS.values();
        Map<String, Object> second = handler.handleRequest(Map.of(), context);

        List<String> versions =
                database.column("SELECT version FROM flyway_schema_history WHERE version > '' ORDER BY installed_rank");
        String last = versions.get(versions.size() - 1);
        String logins = "one login per function";
        assertThat(versions).doesNotHaveDuplicates();
        assertThat(first)
                .isEqualTo(Map.of("migrations", versions.size(), "schema_version", last, "database_logins", logins));
        assertThat(second).isEqualTo(Map.of("migrations", 0, "schema_version", last, "database_logins", logins));
        assertThat(context.metricLines().get(0)).contains("\"MigrationsRun\":" + versions.size());
        assertThat(context.metricLines().get(1)).contains("\"MigrationsRun\":0");
        assertThat(PARAMETERS.values()).as("passwords that work are kept").isEqualTo(written);
        assertThat(database.column("SELECT DISTINCT tableowner::text FROM pg_tables WHERE schemaname = 'public'"))
                .containsExactly(stack + "_owner");
        assertEachLoginWorks();
        assertThat(context.logged() + first).doesNotContain(PASSWORD).doesNotContain(passwords());
        assertThat(database.column("SELECT rolname || ' ' || rolconnlimit FROM pg_roles WHERE rolname LIKE '" + stack
                        + "%' ORDER BY rolname"))
                .containsExactly(
                        stack + "_api 2",
                        stack + "_export 10",
                        stack + "_ingest 22",
                        stack + "_operations 6",
                        stack + "_owner -1");
    }

    @Test
    void migrate_severalTimesAtOnce_runsEachMigrationOnce_andLeavesPasswordsThatWork() {
        MigrateHandler handler = handler("CREATEROLE");
        for (int round = 0; round < 2; round++) {
            List<CompletableFuture<Map<String, Object>>> running = IntStream.range(0, 4)
                    .mapToObj(number ->
                            CompletableFuture.supplyAsync(() -> handler.handleRequest(Map.of(), new TestContext())))
                    .toList();

            assertThat(running.stream().mapToInt(result -> (int) result.join().get("migrations")))
                    .as("round %d", round)
                    .filteredOn(count -> count > 0)
                    .hasSize(round == 0 ? 1 : 0);
        }
        assertEachLoginWorks();
    }

    /** Lambda may deliver an event twice. Only the migration that runs may respond to CloudFormation. */
    @Test
    void migrate_whileAnotherOneRuns_fails_andSendsNoResponse() throws Exception {
        MigrateHandler handler = handler("CREATEROLE");
        try (CloudFormationResponses responses = new CloudFormationResponses()) {
            Map<String, Object> event = responses.event("Create", Map.of());
            MigrationLock.runExclusively(new Settings(settings()), Duration.ofSeconds(10), () -> {
                assertThatThrownBy(() -> handler.handleRequest(event, new TestContext(Duration.ofSeconds(1))))
                        .isInstanceOf(MigrationLock.BusyException.class)
                        .hasMessageContaining("another migration of this database is still running");
                return Map.of();
            });
            assertThat(responses.received()).isEmpty();

            handler.handleRequest(event, new TestContext());

            assertThat(responses.received())
                    .extracting(response -> response.get("Status").asText())
                    .containsExactly("SUCCESS");
        }
    }

    @Test
    void migrate_afterAFirstMigrationThatFailed_runsAllMigrations() throws Exception {
        MigrateHandler handler = handler("CREATEROLE");
        database.execute("CREATE SCHEMA failing");
        database.execute("CREATE FUNCTION failing.fail() RETURNS event_trigger LANGUAGE plpgsql"
                + " AS $$ BEGIN RAISE 'no space left on device' USING ERRCODE = 'disk_full'; END $$");
        database.execute("CREATE EVENT TRIGGER failing ON ddl_command_start WHEN TAG IN ('CREATE TRIGGER')"
                + " EXECUTE FUNCTION failing.fail()"); // V2 creates a trigger, V1 creates none

        assertThatThrownBy(() -> handler.handleRequest(Map.of(), context)).hasMessageContaining("SQLSTATE 53100");
        database.execute("DROP EVENT TRIGGER failing");

        assertThat(database.column("SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"))
                .as("all migrations were rolled back")
                .isEmpty();
        assertThat(checkDatabase())
                .contains("Schema public: contains Steptrail's tables, which belong to the stack '" + stack + "'\n");
        assertThat(handler.handleRequest(Map.of(), context))
                .containsEntry(
                        "migrations", Integer.valueOf(database.value("SELECT count(*) FROM flyway_schema_history")))
                .containsEntry("database_logins", "one login per function");
    }

    @Test
    void migrate_afterALaterRelease_acceptsItsFunctions_butNotOtherMigrations(@TempDir Path migrations)
            throws Exception {
        MigrateHandler previous = handler("CREATEROLE");
        previous.handleRequest(Map.of(), context);
        Files.writeString(
                migrations.resolve("V9999__later_release.sql"),
                "CREATE FUNCTION later_release(tasks) RETURNS boolean LANGUAGE sql RETURN true");
        Flyway.configure()
                .dataSource(database.settings().get("STEPTRAIL_DATABASE_URL"), migrator, PASSWORD)
                .initSql("SET ROLE \"" + stack + "_owner\"")
                .locations("classpath:db/migration", "filesystem:" + migrations)
                .load()
                .migrate();

        assertThat(previous.handleRequest(Map.of(), context)).containsEntry("schema_version", "9999");
        database.execute("UPDATE flyway_schema_history SET checksum = checksum + 1 WHERE version = '1'");

        assertThatThrownBy(() -> previous.handleRequest(Map.of(), context))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "Schema migration failed: the migrations that were applied to this database differ from those"
                                + " of this version. Deploy the version that created the schema, or use an empty database"
                                + " (for a local cloud, a new data folder).");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            STEPTRAIL_DATABASE_URL | ''                               | STEPTRAIL_DATABASE_URL: is not set; set it in the function's environment
            STEPTRAIL_DATABASE_URL | jdbc:postgresql://[::1]:1/x      | the host [::1] does not exist or has no IPv4 address
            STEPTRAIL_DATABASE_URL | jdbc:postgresql://[::1]:1/x      | session pooler (Supabase: the host ending with .pooler.supabase.com, port 5432)
            STEPTRAIL_STACK        | a-stack-with-a-name-of-53-characters-abcdefghijklmnop | would have 64 bytes, and Postgres allows 63; use a stack name of at most 52
            """)
    void migrate_withAnInvalidSetting_saysWhatToDo(String name, String value, String message) {
        Map<String, String> settings = settings();
        settings.put(name, value);

        assertThatThrownBy(() -> new MigrateHandler(settings).handleRequest(Map.of(), context))
                .hasMessageContaining(message);
    }
}
