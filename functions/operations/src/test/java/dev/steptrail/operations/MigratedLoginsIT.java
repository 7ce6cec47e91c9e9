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
        assertThat(Files.readString(log)).doesNotContain(passwords());
    }

    @Test
    void functionWithAnOldPassword_readsTheParameterAgain_andFailsIfThatIsWrong_orIfItHasTooManyConnections() {
        MigrateHandler handler = handler("CREATEROLE");
        handler.handleRequest(Map.of(), context);
        try (Database running = database("export")) {
            running.check();
            int reads = PARAMETERS.reads();
            store("export", "n");
            handler.handleRequest(Map.of(), context);
            running.close(); // its next use connects

            assertThat(value(running, "SELECT count(*) FROM tasks")).isEqualTo("0");
            assertThat(PARAMETERS.reads()).isGreaterThan(reads);
        }
        store("export", "swordfish");
        try (Database wrong = database("export");
                Database one = database("api");
                Database two = database("api");
                Database three = database("api");
                Database ingest = database("ingest")) {
            assertThatThrownBy(wrong::check)
                    .isInstanceOf(StoreException.Unavailable.class)
                    .hasMessageContaining("28P01")
                    .hasMessageNotContaining("swordfish")
                    .hasNoCause();
            one.check();
            two.check();
            assertThatThrownBy(three::check)
                    .isInstanceOf(StoreException.Unavailable.class)
                    .hasMessageContaining("SQLSTATE 53300");
            ingest.check();
        }
    }

    private void store(String login, String password) {
        PARAMETERS.put(
                prefix + login, DatabaseLogin.format(new DatabaseLogin.Credentials(stack + "_" + login, password)));
    }

    @Test
    void migrate_withAUserThatMayNotCreateRoles_usesItForAllFunctions_alsoOnceItMay() throws Exception {
        String single = "one login for all functions, because the ";
        MigrateHandler handler = handler("NOCREATEROLE");

        assertThat(handler.handleRequest(Map.of(), context))
                .containsEntry("database_logins", single + "user '" + migrator + "' may not create roles (CREATEROLE)");
        assertThat(context.logged()).contains("single_database_login").doesNotContain(PASSWORD);
        try (Database operations = database("operations")) {
            assertThat(value(operations, "SELECT current_user || ' ' || count(*) FROM tasks"))
                    .isEqualTo(migrator + " 0");
        }

        String guest = "guest_" + migrator;
        database.execute(
                "CREATE ROLE " + guest + " LOGIN PASSWORD '" + PASSWORD + "'; GRANT ALL ON ALL TABLES IN SCHEMA"
                        + " public TO " + guest + "; GRANT CREATE ON SCHEMA public TO " + guest);
        Map<String, String> settings = settings();
        settings.put("STEPTRAIL_DATABASE_USER", guest);
        assertThatThrownBy(() -> new MigrateHandler(settings).handleRequest(Map.of(), context))
                .hasMessage("Schema migration failed: the tables belong to the user '" + migrator
                        + "'; set DatabaseUser to this user, or use an empty database: CREATE DATABASE steptrail");

        database.execute("ALTER ROLE " + migrator + " CREATEROLE");
        String reason = "tables belong to the user '" + migrator + "'";
        assertThat(checkDatabase())
                .contains("Logins: all functions use '" + migrator + "', because the " + reason + "\n");
        assertThat(handler.handleRequest(Map.of(), context)).containsEntry("database_logins", single + reason);
    }

    @Test
    void migrate_afterAChangeOfItsRoles_isRefused() {
        MigrateHandler handler = handler("CREATEROLE");
        String api = "\"" + stack + "_api\"";
        String group = "group_" + migrator;
        database.execute("CREATE ROLE " + group + "; CREATE ROLE " + api + " LOGIN");

        assertThatThrownBy(() -> handler.handleRequest(Map.of(), context))
                .hasMessage("Schema migration failed: the database role '" + stack
                        + "_api' exists and was not created by Steptrail; use another stack name");

        database.execute("DROP ROLE " + api);
        handler.handleRequest(Map.of(), context);
        String role = "the database role '" + stack + "_api' ";
        for (String attribute : List.of("SUPERUSER", "CREATEROLE", "CREATEDB", "REPLICATION", "BYPASSRLS")) {
            assertRefused(
                    handler,
                    "ALTER ROLE " + api + " " + attribute,
                    role + "has one of the attributes SUPERUSER,",
                    "ALTER ROLE " + api + " NO" + attribute);
        }
        assertRefused(
                handler,
                "GRANT CREATE ON SCHEMA public TO " + api,
                role + "may create functions in the schema",
                "REVOKE CREATE ON SCHEMA public FROM " + api);
        assertRefused(
                handler,
                "ALTER TABLE task_steps OWNER TO " + group,
                "the tables belong to the role '" + group
                        + "', which is not a Steptrail stack's owner; use another database",
                "ALTER TABLE task_steps OWNER TO \"" + stack + "_owner\"");
        handler.handleRequest(Map.of(), context);
    }

    private void assertRefused(MigrateHandler handler, String change, String message, String undo) {
        database.execute(change);
        assertThatThrownBy(() -> handler.handleRequest(Map.of(), context))
                .as(change)
                .hasMessageStartingWith("Schema migration failed: " + message);
        database.execute(undo);
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
        Map<String, String> before = PARAMETERS.values();

        Map<String, Object> result = new MigrateHandler(settings).handleRequest(Map.of(), context);

        assertThat(result).containsEntry("database_logins", "one login per function");
        assertThat(database.column("SELECT rolname FROM pg_authid WHERE rolname LIKE '" + stack
                        + "\\_%' AND rolcanlogin AND rolpassword IS NULL AND pg_has_role(oid, 'rds_iam', 'MEMBER')"))
                .hasSize(4);
        assertThat(PARAMETERS.values()).isEqualTo(before);
    }
}
