package dev.steptrail.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.steptrail.aws.Settings;
import dev.steptrail.aws.TestParameters;
import dev.steptrail.store.TestContext;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.DatabaseLogin;
import dev.steptrail.store.jdbc.StoreException;
import dev.steptrail.store.roles.MigrationLock;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Migrates with a user without superuser rights, as managed databases provide. */
@Tag("slow")
class MigrateHandlerIT {
    private static final String PREFIX = "/steptrail/x/database/";
    private static final String PASSWORD = "password-of-the-migrator";
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final TestDatabase database = TestDatabase.empty();
    private final TestParameters parameters = TestParameters.start();
    private final TestContext context = new TestContext();
    private final ExecutorService threads = Executors.newFixedThreadPool(4);

    /** Roles are shared by all databases of the server. */
    private final String stack = "migrate-" + NUMBER.incrementAndGet();

    private final String migrator = "migrator_" + NUMBER.get();

    @AfterEach
    void stopParametersAndThreads() {
        parameters.close();
        threads.shutdownNow();
    }

    private MigrateHandler handler(String attributes) {
        database.execute("CREATE ROLE " + migrator + " LOGIN " + attributes + " PASSWORD '" + PASSWORD + "'");
        database.execute("ALTER DATABASE " + database.value("SELECT current_database()") + " OWNER TO " + migrator);
        // From Postgres 15 on, the owner of a database also owns the schema.
        database.execute("DO $$ BEGIN IF current_setting('server_version_num')::int < 150000 THEN"
                + " ALTER SCHEMA public OWNER TO " + migrator + "; END IF; END $$");
        return new MigrateHandler(settings());
    }

    /** The settings of the migrate function in a deployment with an external database. */
    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(database.settings(parameters.settings()));
        settings.remove("STEPTRAIL_DATABASE_PASSWORD");
        settings.put("STEPTRAIL_DATABASE_USER", migrator);
        settings.put("STEPTRAIL_DATABASE_AUTH", "parameter");
        settings.put("STEPTRAIL_DATABASE_PASSWORD_PARAMETER", "/steptrail/password");
        settings.put("STEPTRAIL_LOGIN_PARAMETERS", PREFIX);
        settings.put("STEPTRAIL_STACK", stack);
        settings.put("STEPTRAIL_API_CONNECTIONS", "2");
        parameters.put("/steptrail/password", PASSWORD);
        return settings;
    }

    /** The settings of another function in the same deployment. */
    private Database database(String login) {
        Map<String, String> settings = settings();
        settings.remove("STEPTRAIL_DATABASE_USER");
        settings.remove("STEPTRAIL_DATABASE_PASSWORD_PARAMETER");
        settings.put("STEPTRAIL_DATABASE_LOGIN_PARAMETER", PREFIX + login);
        return new Database(new Settings(settings));
    }

    private static String value(Database database, String sql) {
        return database.read(session -> session.sql(sql).single(row -> row.getString(1)));
    }

    @Test
    void migrate_onAnEmptyDatabase_runsEachMigrationOnce_andCreatesALoginPerFunction() {
        MigrateHandler handler = handler("CREATEROLE");

        Map<String, Object> first = handler.handleRequest(Map.of(), context);
        Map<String, String> written = parameters.values();
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
        assertThat(parameters.values()).as("passwords that work are kept").isEqualTo(written);
        assertThat(database.column("SELECT DISTINCT tableowner::text FROM pg_tables WHERE schemaname = 'public'"))
                .containsExactly(stack + "_owner");
        for (String login : List.of("ingest", "api", "export", "operations")) {
            try (Database function = database(login)) {
                assertThat(value(function, "SELECT session_user")).isEqualTo(stack + "_" + login);
                assertThat(value(function, "SELECT current_user"))
                        .isEqualTo(stack + (login.equals("operations") ? "_owner" : "_" + login));
            }
        }
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
        for (int round = 0; round < 3; round++) {
            List<CompletableFuture<Map<String, Object>>> running = IntStream.range(0, 4)
                    .mapToObj(number -> CompletableFuture.supplyAsync(
                            () -> handler.handleRequest(Map.of(), new TestContext()), threads))
                    .toList();

            assertThat(running.stream().mapToInt(result -> (int) result.join().get("migrations")))
                    .as("round %d", round)
                    .filteredOn(count -> count > 0)
                    .hasSize(round == 0 ? 1 : 0);
        }
        for (String login : List.of("ingest", "api", "export", "operations")) {
            try (Database function = database(login)) {
                assertThat(value(function, "SELECT session_user")).isEqualTo(stack + "_" + login);
            }
        }
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

    /** Runs the check of {@code infra/deploy} in another process. Returns its output, with the reason if it fails. */
    private String checkDatabase() throws Exception {
        Process check = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.steptrail.store.roles.DatabaseCheck",
                        database.settings().get("STEPTRAIL_DATABASE_URL"),
                        migrator)
                .redirectErrorStream(true)
                .start();
        try (Writer input = check.outputWriter()) {
            input.write(PASSWORD + "\n");
        }
        return new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void secrets_areNeitherInTheLogNorInTheResult() {
        Map<String, Object> result = handler("CREATEROLE").handleRequest(Map.of(), context);

        for (String value : parameters.values().values()) {
            String password =
                    value.startsWith("{") ? DatabaseLogin.parse("login", value).password() : value;
            assertThat(context.logged() + result).doesNotContain(password);
        }
    }

    @Test
    void passwords_areNotInTheLogOfAServerThatLogsEachStatement(@TempDir Path folder) throws Exception {
        Path log = folder.resolve("server.log");
        try (EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve("data"))
                .setServerConfig("log_statement", "all")
                .setServerConfig("logging_collector", "on")
                .setServerConfig("log_directory", folder.toString())
                .setServerConfig("log_filename", log.getFileName().toString())
                .start()) {
            Map<String, String> settings = settings();
            settings.putAll(TestDatabase.of(server).settings());
            settings.put("STEPTRAIL_DATABASE_AUTH", "password");

            new MigrateHandler(settings).handleRequest(Map.of(), context);
        }

        assertThat(Files.readString(log)).contains("_api\" PASSWORD 'SCRAM-SHA-256$");
        for (String login : List.of("ingest", "api", "export", "operations")) {
            String password = DatabaseLogin.parse("login", parameters.values().get(PREFIX + login))
                    .password();
            assertThat(Files.readString(log)).doesNotContain(password);
        }
    }

    @Test
    void functionWithAnOldPassword_readsTheParameterAgain() {
        MigrateHandler handler = handler("CREATEROLE");
        handler.handleRequest(Map.of(), context);
        try (Database running = database("export")) {
            running.check();
            int reads = parameters.reads();
            parameters.put(
                    PREFIX + "export", DatabaseLogin.format(new DatabaseLogin.Credentials(stack + "_export", "n")));
            handler.handleRequest(Map.of(), context);
            running.close(); // its next use connects

            assertThat(value(running, "SELECT count(*) FROM tasks")).isEqualTo("0");
            assertThat(parameters.reads()).isGreaterThan(reads);
        }
    }

    @Test
    void functionWithAWrongParameter_failsWithoutThePassword() {
        handler("CREATEROLE").handleRequest(Map.of(), context);
        parameters.put(
                PREFIX + "api", DatabaseLogin.format(new DatabaseLogin.Credentials(stack + "_api", "swordfish")));

        try (Database api = database("api")) {
            assertThatThrownBy(api::check)
                    .isInstanceOf(StoreException.Unavailable.class)
                    .hasMessageContaining("28P01")
                    .hasMessageNotContaining("swordfish")
                    .hasNoCause();
        }
    }

    @Test
    void surplusConnectionOfTheApi_isRefused_whileIngestConnects() {
        handler("CREATEROLE").handleRequest(Map.of(), context);
        try (Database one = database("api");
                Database two = database("api");
                Database three = database("api");
                Database ingest = database("ingest")) {
            one.check();
            two.check();

            assertThatThrownBy(three::check)
                    .isInstanceOf(StoreException.Unavailable.class)
                    .hasMessageContaining("SQLSTATE 53300");
            ingest.check();
        }
    }

    @Test
    void migrate_withAUserThatMayNotCreateRoles_usesItForAllFunctions_andSaysSo() {
        Map<String, Object> result = handler("NOCREATEROLE").handleRequest(Map.of(), context);

        assertThat(result)
                .containsEntry(
                        "database_logins",
                        "one login for all functions, because the user '" + migrator
                                + "' may not create roles (CREATEROLE)");
        assertThat(context.logged()).contains("single_database_login").doesNotContain(PASSWORD);
        try (Database operations = database("operations")) {
            assertThat(value(operations, "SELECT current_user")).isEqualTo(migrator);
            assertThat(value(operations, "SELECT count(*) FROM tasks")).isEqualTo("0");
        }
    }

    @Test
    void migrate_onTheDatabaseOfAnotherStack_isRefused_unlessItIsNamed() {
        handler("CREATEROLE").handleRequest(Map.of(), context);
        String migrated = database.value("SELECT max(installed_rank) FROM flyway_schema_history");
        Map<String, String> settings = settings();
        settings.put("STEPTRAIL_STACK", stack + "-new");
        settings.put("STEPTRAIL_EXISTING_STACK", "another");

        assertThatThrownBy(() -> new MigrateHandler(settings).handleRequest(Map.of(), context))
                .hasMessage("Schema migration failed: the tables belong to the stack '" + stack
                        + "'; use another database, or set ExistingStack=" + stack
                        + " to take them over, after which that stack's functions cannot log in");
        assertThat(tableOwners()).containsExactly(stack + "_owner");
        assertThat(database.column("SELECT rolname FROM pg_roles WHERE rolname LIKE '" + stack + "-new%'"))
                .isEmpty();

        settings.put("STEPTRAIL_EXISTING_STACK", stack);
        new MigrateHandler(settings).handleRequest(Map.of(), context);

        assertThat(tableOwners()).containsExactly(stack + "-new_owner");
        assertThat(database.value("SELECT max(installed_rank) FROM flyway_schema_history"))
                .isEqualTo(migrated);
        try (Database api = database("api")) {
            assertThat(value(api, "SELECT current_user")).isEqualTo(stack + "-new_api");
            assertThat(value(api, "SELECT count(*) FROM tasks")).isEqualTo("0");
        }
        assertThat(database.column("SELECT rolname FROM pg_roles WHERE rolcanlogin AND rolname LIKE '" + stack
                        + "\\_%' OR has_schema_privilege(oid, 'public', 'CREATE') AND rolname LIKE '" + stack
                        + "\\_%'"))
                .isEmpty();
        for (String role : List.of("ingest", "api", "export", "operations", "owner")) {
            assertThat(database.value("SELECT has_any_column_privilege('" + stack + "_" + role
                            + "', 'tasks', 'SELECT, INSERT, UPDATE, REFERENCES')"))
                    .as(role)
                    .isEqualTo("f");
        }
    }

    @Test
    void migrate_onACopyOfAnotherStacksDatabase_keepsTheLoginsOfTheOriginal() {
        handler("CREATEROLE").handleRequest(Map.of(), context);
        String original = database.value("SELECT current_database()");
        String copy = original + "_copy";
        database.execute("CREATE DATABASE " + copy + " TEMPLATE " + original + " OWNER " + migrator);
        Map<String, String> settings = settings();
        settings.put(
                "STEPTRAIL_DATABASE_URL",
                database.settings().get("STEPTRAIL_DATABASE_URL").replaceFirst("[^/]+$", copy));

        assertThatThrownBy(() -> new MigrateHandler(settings).handleRequest(Map.of(), context))
                .hasMessage("Schema migration failed: the database role '" + stack
                        + "_owner' exists and belongs to the database '" + original
                        + "' of this server; use another stack name");

        settings.put("STEPTRAIL_STACK", stack + "-copy");
        settings.put("STEPTRAIL_EXISTING_STACK", stack);
        settings.put("STEPTRAIL_LOGIN_PARAMETERS", "/steptrail/copy/database/");
        new MigrateHandler(settings).handleRequest(Map.of(), context);

        try (Database api = database("api")) {
            assertThat(value(api, "SELECT current_user || ' ' || count(*) FROM tasks"))
                    .isEqualTo(stack + "_api 0");
        }
        assertThat(tableOwners()).containsExactly(stack + "_owner");
    }

    @Test
    void migrate_whereAnotherGroupOwnsTheTables_isRefused() {
        MigrateHandler handler = handler("CREATEROLE");
        handler.handleRequest(Map.of(), context);
        database.execute("CREATE ROLE group_" + migrator + "; ALTER TABLE task_steps OWNER TO group_" + migrator);

        assertThatThrownBy(() -> handler.handleRequest(Map.of(), context))
                .hasMessage("Schema migration failed: the tables belong to the role 'group_" + migrator
                        + "', which is not a Steptrail stack's owner; use another database");
    }

    private List<String> tableOwners() {
        return database.column("SELECT DISTINCT tableowner::text FROM pg_tables WHERE schemaname = 'public'");
    }

    @Test
    void migrate_whereEveryRoleMayCreateFunctions_callsNoneOfThem_andNamesTheStatement() {
        MigrateHandler handler = handler("CREATEROLE");
        database.execute("ALTER SCHEMA public OWNER TO postgres");
        database.execute("GRANT CREATE ON SCHEMA public TO PUBLIC"); // as before Postgres 15
        for (String parameters : List.of("varchar, name, varchar", "varchar, varchar", "text, name, text")) {
            database.execute("CREATE FUNCTION has_schema_privilege(" + parameters + ") RETURNS boolean"
                    + " LANGUAGE plpgsql AS $$ BEGIN RAISE 'called'; END $$");
        }

        assertThatThrownBy(() -> handler.handleRequest(Map.of(), context))
                .hasMessageStartingWith("Schema migration failed: every role may create functions in the schema"
                        + " 'public', which migrations could call by mistake, and the user '" + migrator
                        + "' may not change that; run as the schema's owner, 'postgres': REVOKE CREATE ON SCHEMA"
                        + " \"public\" FROM PUBLIC; GRANT CREATE, USAGE ON SCHEMA \"public\" TO \"" + migrator
                        + "\" WITH GRANT OPTION");

        database.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC;" + " GRANT CREATE, USAGE ON SCHEMA public TO "
                + migrator + " WITH GRANT OPTION");

        assertThatThrownBy(() -> handler.handleRequest(Map.of(), context))
                .hasMessageContaining("the schema 'public' contains functions or operators that migrations could call"
                        + " by mistake")
                .hasMessageContaining("DROP FUNCTION \"public\".has_schema_privilege(character varying, name,");

        database.execute("DROP FUNCTION has_schema_privilege(varchar, name, varchar);"
                + " DROP FUNCTION has_schema_privilege(varchar, varchar);"
                + " DROP FUNCTION has_schema_privilege(text, name, text)");
        handler.handleRequest(Map.of(), context);

        assertThat(tableOwners()).containsExactly(stack + "_owner");
    }

    @Test
    void migrate_withoutTheGrantOptionOnTheSchema_namesTheStatement_asTheCheckDoes() throws Exception {
        MigrateHandler handler = handler("CREATEROLE");
        database.execute("ALTER SCHEMA public OWNER TO postgres; REVOKE CREATE ON SCHEMA public FROM PUBLIC;"
                + " GRANT CREATE, USAGE ON SCHEMA public TO " + migrator);
        String reason = "he user '" + migrator
                + "' may not grant the functions' roles privileges on the schema 'public';"
                + " run as the schema's owner, 'postgres': GRANT CREATE, USAGE ON SCHEMA \"public\" TO \"" + migrator
                + "\" WITH GRANT OPTION";

        assertThat(checkDatabase()).endsWith("T" + reason + ".\n");
        assertThatThrownBy(() -> handler.handleRequest(Map.of(), context))
                .hasMessage("Schema migration failed: t" + reason);

        database.execute("GRANT CREATE, USAGE ON SCHEMA public TO " + migrator + " WITH GRANT OPTION");

        assertThat(checkDatabase()).contains("Logins: each function gets a separate one");
        assertThat(handler.handleRequest(Map.of(), context)).containsEntry("database_logins", "one login per function");
    }

    @Test
    void migrate_whereTheSchemaHasAnotherFunction_keepsIt() throws Exception {
        MigrateHandler handler = handler("CREATEROLE");
        database.execute("CREATE FUNCTION of_an_administrator() RETURNS integer LANGUAGE sql RETURN 1");

        assertThat(checkDatabase()).contains("Schema public: empty\n");
        handler.handleRequest(Map.of(), context);

        assertThat(tableOwners()).containsExactly(stack + "_owner");
        assertThat(database.value("SELECT of_an_administrator()")).isEqualTo("1");
    }

    @Test
    void migrate_whereALoginOwnsTheTables_usesItForAllFunctions_asTheCheckSays() throws Exception {
        MigrateHandler handler = handler("NOCREATEROLE");
        handler.handleRequest(Map.of(), context);
        database.execute("ALTER ROLE " + migrator + " CREATEROLE");

        assertThat(checkDatabase())
                .contains("Logins: all functions use '" + migrator + "', because the tables belong to the user '"
                        + migrator + "'\n");
        assertThat(handler.handleRequest(Map.of(), context))
                .containsEntry(
                        "database_logins",
                        "one login for all functions, because the tables belong to the user '" + migrator + "'");
    }

    @Test
    void migrate_asTheOwnerOfTheSchema_revokesCreateFromPublic() {
        MigrateHandler handler = handler("CREATEROLE");
        database.execute("GRANT CREATE ON SCHEMA public TO PUBLIC"); // as before Postgres 15

        handler.handleRequest(Map.of(), context);

        assertThat(database.value("SELECT has_schema_privilege('public', 'public', 'CREATE')"))
                .isEqualTo("f");
    }

    @Test
    void migrate_afterALoginMayCreateFunctions_isRefused() {
        MigrateHandler handler = handler("CREATEROLE");
        handler.handleRequest(Map.of(), context);
        database.execute("GRANT CREATE ON SCHEMA public TO \"" + stack + "_api\"");

        assertThatThrownBy(() -> handler.handleRequest(Map.of(), context))
                .hasMessageContaining("the database role '" + stack + "_api' may create functions in the schema");
    }

    @Test
    void migrate_afterOperationsCreatedAFunctionOrAnOperator_isRefused() {
        MigrateHandler handler = handler("CREATEROLE");
        handler.handleRequest(Map.of(), context);
        try (Database operations = database("operations")) {
            operations.inTransaction(session -> {
                session.sql("CREATE FUNCTION to_regclass(varchar) RETURNS regclass LANGUAGE sql RETURN 0::regclass")
                        .update();
                session.sql("CREATE FUNCTION min_task_id_at(date) RETURNS uuid LANGUAGE sql RETURN NULL::uuid")
                        .update();
                return session.sql("CREATE OPERATOR = (FUNCTION = texteq, LEFTARG = text, RIGHTARG = text)")
                        .update();
            });
        }

        assertThatThrownBy(() -> handler.handleRequest(Map.of(), context))
                .hasMessageEndingWith("DROP FUNCTION \"public\".min_task_id_at(date);"
                        + " DROP FUNCTION \"public\".to_regclass(character varying);"
                        + " DROP OPERATOR \"public\".= (text, text)");
    }

    @Test
    void migrate_afterARoleCreatedAFunctionOfAMigration_isRefused() {
        MigrateHandler handler = handler("CREATEROLE");
        database.execute("CREATE FUNCTION min_task_id_at(timestamptz) RETURNS uuid LANGUAGE sql RETURN NULL::uuid");

        assertThatThrownBy(() -> handler.handleRequest(Map.of(), context))
                .hasMessageEndingWith("run: DROP FUNCTION \"public\".min_task_id_at(timestamp with time zone)");
    }

    @Test
    void migrate_toThePreviousRelease_acceptsTheFunctionsOfTheLaterOne(@TempDir Path migrations) throws Exception {
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
    }

    @Test
    void migrate_withARoleOfTheSameName_isRefused() {
        MigrateHandler handler = handler("CREATEROLE");
        database.execute("CREATE ROLE \"" + stack + "_api\" LOGIN");

        assertThatThrownBy(() -> handler.handleRequest(Map.of(), context))
                .hasMessage("Schema migration failed: the database role '" + stack
                        + "_api' exists and was not created by Steptrail; use another stack name");

        database.execute("DROP ROLE \"" + stack + "_api\"");
        handler.handleRequest(Map.of(), context);
        for (String attribute : List.of("SUPERUSER", "CREATEROLE", "CREATEDB", "REPLICATION", "BYPASSRLS")) {
            database.execute("ALTER ROLE \"" + stack + "_api\" " + attribute);

            assertThatThrownBy(() -> handler.handleRequest(Map.of(), context))
                    .hasMessageContaining("the database role '" + stack + "_api' has one of the attributes SUPERUSER,");
            database.execute("ALTER ROLE \"" + stack + "_api\" NO" + attribute);
        }
    }

    @Test
    void migrate_whereNewTablesAreGrantedToOthers_revokesThat_withSeparateLoginsAndWithOne() {
        for (String attribute : List.of("NOCREATEROLE", "CREATEROLE")) {
            TestDatabase other = TestDatabase.empty();
            String user = migrator + "_" + attribute.toLowerCase(Locale.ROOT);
            String anon = "anon_" + user;
            other.execute("CREATE ROLE " + user + " LOGIN " + attribute + " PASSWORD '" + PASSWORD + "'");
            other.execute("CREATE ROLE " + anon);
            other.execute("ALTER DATABASE " + other.value("SELECT current_database()") + " OWNER TO " + user);
            other.execute("ALTER SCHEMA public OWNER TO " + user);
            for (String objects : List.of("TABLES", "SEQUENCES")) {
                other.execute("ALTER DEFAULT PRIVILEGES FOR ROLE " + user + " IN SCHEMA public GRANT ALL ON " + objects
                        + " TO " + anon + ", PUBLIC");
                other.execute("ALTER DEFAULT PRIVILEGES FOR ROLE " + user + " GRANT ALL ON " + objects + " TO " + anon);
            }
            Map<String, String> settings = settings();
            settings.put("STEPTRAIL_DATABASE_URL", other.settings().get("STEPTRAIL_DATABASE_URL"));
            settings.put("STEPTRAIL_DATABASE_USER", user);
            settings.put("STEPTRAIL_STACK", stack + attribute.toLowerCase(Locale.ROOT));
            MigrateHandler handler = new MigrateHandler(settings);
            handler.handleRequest(Map.of(), context);
            String owner = other.value("SELECT tableowner FROM pg_tables WHERE tablename = 'tasks'");
            other.execute("GRANT SELECT (name), UPDATE (owner) ON tasks TO " + anon + ", PUBLIC");
            other.execute("GRANT SELECT ON task_steps TO " + anon + " WITH GRANT OPTION");
            other.execute("GRANT USAGE ON SEQUENCE audit_log_id TO " + anon);
            handler.handleRequest(Map.of(), context);
            other.execute("SET ROLE \"" + owner + "\"; CREATE TABLE next_month (id int)");

            assertThat(other.column("SELECT c.relname FROM pg_class AS c CROSS JOIN aclexplode(relacl) AS a"
                            + " WHERE relnamespace = 'public'::regnamespace AND grantee IN (0, '" + anon
                            + "'::regrole)"
                            + " UNION SELECT attname FROM pg_attribute AS c CROSS JOIN aclexplode(attacl) AS a"
                            + " WHERE attrelid = 'tasks'::regclass AND grantee IN (0, '" + anon + "'::regrole)"))
                    .as(attribute)
                    .isEmpty();
        }
    }

    @Test
    void migrate_withTablesOfAnotherLogin_isRefused() {
        handler("NOCREATEROLE").handleRequest(Map.of(), context);
        String user = "guest_" + migrator;
        database.execute("CREATE ROLE " + user + " LOGIN PASSWORD '" + PASSWORD + "'");
        database.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO " + user);
        database.execute("GRANT CREATE ON SCHEMA public TO " + user);
        Map<String, String> settings = settings();
        settings.put("STEPTRAIL_DATABASE_USER", user);

        assertThatThrownBy(() -> new MigrateHandler(settings).handleRequest(Map.of(), context))
                .hasMessage("Schema migration failed: the tables belong to the user '" + migrator
                        + "'; set DatabaseUser to this user, or use an empty database: CREATE DATABASE steptrail");
    }

    @Test
    void migrate_withAnotherUserThanTheOneThatCreatedTheRoles_saysWhatToDo() {
        assumeThat(Integer.parseInt(database.value("SHOW server_version_num")))
                .as("before Postgres 16, CREATEROLE may alter all roles")
                .isGreaterThanOrEqualTo(160_000);
        handler("CREATEROLE").handleRequest(Map.of(), context);
        database.execute("CREATE ROLE other_" + migrator + " LOGIN CREATEROLE PASSWORD '" + PASSWORD + "'");
        Map<String, String> settings = settings();
        settings.put("STEPTRAIL_DATABASE_USER", "other_" + migrator);

        assertThatThrownBy(() -> new MigrateHandler(settings).handleRequest(Map.of(), context))
                .hasMessageStartingWith("Schema migration failed: cannot set up the database roles (SQLSTATE 42501")
                .hasMessageEndingWith("; use the DatabaseUser that created the roles, or one that may administer them");
    }

    @Test
    void migrate_withIamAuthentication_grantsItToLoginsWithoutPasswords_andWritesNoParameter() {
        database.execute(
                "DO $$ BEGIN CREATE ROLE rds_iam; EXCEPTION WHEN duplicate_object THEN NULL; END $$"); // as on Aurora
        Map<String, String> settings = settings();
        settings.put("STEPTRAIL_DATABASE_AUTH", "iam");
        settings.put("STEPTRAIL_DATABASE_USER", "postgres"); // of which this server accepts any token
        Map<String, String> before = parameters.values();

        Map<String, Object> result = new MigrateHandler(settings).handleRequest(Map.of(), context);

        assertThat(result).containsEntry("database_logins", "one login per function");
        assertThat(database.column("SELECT rolname FROM pg_authid WHERE rolname LIKE '" + stack
                        + "\\_%' AND rolcanlogin AND rolpassword IS NULL AND pg_has_role(oid, 'rds_iam', 'MEMBER')"))
                .hasSize(4);
        assertThat(parameters.values()).isEqualTo(before);
    }

    @Test
    void migrate_onADatabaseWithOtherMigrations_failsAndSaysWhatToDo() {
        MigrateHandler handler = handler("CREATEROLE");
        handler.handleRequest(Map.of(), context);
        database.execute("UPDATE flyway_schema_history SET checksum = checksum + 1 WHERE version = '1'");

        assertThatThrownBy(() -> handler.handleRequest(Map.of(), new TestContext()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "Schema migration failed: the migrations that were applied to this database differ from those"
                                + " of this version. Deploy the version that created the schema, or use an empty database"
                                + " (for a local cloud, a new data folder).");
    }

    @Test
    void migrate_withoutTheUrl_namesTheSetting() {
        assertThatThrownBy(() -> new MigrateHandler(Map.of()).handleRequest(Map.of(), new TestContext()))
                .hasMessageEndingWith("STEPTRAIL_DATABASE_URL: is not set; set it in the function's environment");
    }

    @Test
    void migrate_forAStackWithALongName_saysHowLongItMayBe() {
        Map<String, String> settings = settings();
        settings.put("STEPTRAIL_STACK", "s".repeat(53));

        assertThatThrownBy(() -> new MigrateHandler(settings).handleRequest(Map.of(), context))
                .hasMessageContaining("would have 64 bytes, and Postgres allows 63; use a stack name of at most 52");
    }

    @Test
    void migrate_withAHostWithoutIpv4_namesTheSessionPooler() {
        Map<String, String> settings = settings();
        settings.put("STEPTRAIL_DATABASE_URL", "jdbc:postgresql://[::1]:1/postgres");

        assertThatThrownBy(() -> new MigrateHandler(settings).handleRequest(Map.of(), context))
                .hasMessageContaining("the host [::1] does not exist or has no IPv4 address")
                .hasMessageContaining(
                        "session pooler (Supabase: the host ending with .pooler.supabase.com, port 5432)");
    }
}
