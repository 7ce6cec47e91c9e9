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
