package dev.steptrail.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.jdbc.Database;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests the owners of tables and the privileges on the schema that a migration requires, keeps and revokes. */
@Tag("slow")
class MigratePrivilegesIT extends MigrateHandlerTestBase {
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

    /** {@code DatabaseCheckIT} tests the complete messages of the preconditions. */
    @Test
    void migrate_withoutPrivilegesOnTheSchema_callsNoFunctionInIt_andNamesTheStatement() throws Exception {
        MigrateHandler handler = handler("CREATEROLE");
        database.execute("ALTER SCHEMA public OWNER TO postgres");
        database.execute("GRANT CREATE ON SCHEMA public TO PUBLIC"); // as before Postgres 15
        for (String parameters : List.of("varchar, name, varchar", "varchar, varchar", "text, name, text")) {
            database.execute("CREATE FUNCTION has_schema_privilege(" + parameters + ") RETURNS boolean"
                    + " LANGUAGE plpgsql AS $$ BEGIN RAISE 'called'; END $$");
        }

        assertThatThrownBy(() -> handler.handleRequest(Map.of(), context))
                .hasMessageStartingWith("Schema migration failed: every role may create functions in the schema");

        String grant = "GRANT CREATE, USAGE ON SCHEMA public TO " + migrator;
        database.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC; " + grant);
        assertThatThrownBy(() -> handler.handleRequest(Map.of(), context))
                .hasMessageStartingWith("Schema migration failed: the user '" + migrator
                        + "' may not grant the functions' roles privileges on the schema 'public';"
                        + " run as the schema's owner, 'postgres': GRANT ");

        database.execute(grant + " WITH GRANT OPTION");
        assertThat(checkDatabase()).contains("Schema public: empty\n", "Logins: each function gets a separate one");
        assertThat(handler.handleRequest(Map.of(), context)).containsEntry("database_logins", "one login per function");
        assertThat(tableOwners()).containsExactly(stack + "_owner");
    }

    @Test
    void migrate_asTheOwnerOfTheSchema_revokesCreateFromPublic_andKeepsOtherFunctions() {
        MigrateHandler handler = handler("CREATEROLE");
        database.execute("CREATE FUNCTION of_an_administrator() RETURNS integer LANGUAGE sql RETURN 1");
        database.execute("GRANT CREATE ON SCHEMA public TO PUBLIC"); // as before Postgres 15

        handler.handleRequest(Map.of(), context);

        assertThat(database.value(
                        "SELECT of_an_administrator() || ' ' || has_schema_privilege('public', 'public', 'CREATE')"))
                .isEqualTo("1 false");
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
}
