package dev.steptrail.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.steptrail.stepformat.ReservedPorts;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.DatabaseLogin;
import dev.steptrail.store.jdbc.StoreException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the logins and passwords of the functions, which the migration creates. */
@Tag("slow")
class MigratedLoginsIT extends MigrateHandlerTestBase {
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
                .setPort(ReservedPorts.reserve())
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
}
