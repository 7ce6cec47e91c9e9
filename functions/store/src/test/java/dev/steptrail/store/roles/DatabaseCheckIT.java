package dev.steptrail.store.roles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.store.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseCheckIT {
    private static final TestDatabase DATABASE = TestDatabase.empty();
    private static final String URL = DATABASE.settings().get("STEPTRAIL_DATABASE_URL");
    private static final String USER = DATABASE.settings().get("STEPTRAIL_DATABASE_USER");
    private static final String PASSWORD = DATABASE.settings().get("STEPTRAIL_DATABASE_PASSWORD");

    @Test
    void check_ofAnEmptyDatabase_describesIt() throws Exception {
        List<String> lines = DatabaseCheck.check(URL, USER, PASSWORD);

        assertThat(lines.get(0)).isEqualTo("TLS: not required");
        assertThat(lines.get(1)).startsWith("Server: PostgreSQL 17.").contains("max_connections ");
        assertThat(lines.get(2)).isEqualTo("Schema public: empty");
        assertThat(lines.get(3)).contains("each function gets a separate one");
        assertThat(lines.get(4)).matches("Connections: [1-9][0-9]* available to users that are not superusers");
    }

    @Test
    void check_ofSteptrailsDatabase_recognizesItsTables() throws Exception {
        TestDatabase migrated = TestDatabase.migrated();

        assertThat(DatabaseCheck.check(migrated.settings().get("STEPTRAIL_DATABASE_URL"), USER, PASSWORD))
                .contains("Schema public: contains Steptrail's tables, which belong to the stack 'test'");
    }

    @Test
    void check_whereEveryRoleMayCreateFunctions_namesTheStatement() throws Exception {
        TestDatabase database = TestDatabase.empty();
        database.execute("CREATE ROLE check_migrator LOGIN CREATEROLE PASSWORD 'migrator'");
        database.execute("ALTER SCHEMA public OWNER TO postgres");
        database.execute("GRANT CREATE ON SCHEMA public TO PUBLIC"); // as before Postgres 15
        database.execute("CREATE FUNCTION has_schema_privilege(text, oid, text) RETURNS boolean LANGUAGE sql"
                + " RETURN 1 / 0 = 1");
        database.execute("CREATE FUNCTION to_regclass(varchar) RETURNS regclass LANGUAGE plpgsql"
                + " AS $$ BEGIN RAISE 'called'; END $$");
        String url = database.settings().get("STEPTRAIL_DATABASE_URL");

        assertThatThrownBy(() -> DatabaseCheck.check(url, "check_migrator", "migrator"))
                .hasMessage("Every role may create functions in the schema 'public', which migrations could call by"
                        + " mistake, and the user 'check_migrator' may not change that; run as the schema's owner,"
                        + " 'postgres': REVOKE CREATE ON SCHEMA \"public\" FROM"
                        + " PUBLIC; GRANT CREATE, USAGE ON SCHEMA \"public\" TO \"check_migrator\" WITH GRANT OPTION.");

        database.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC;"
                + " GRANT CREATE, USAGE ON SCHEMA public TO check_migrator");

        assertThatThrownBy(() -> DatabaseCheck.check(url, "check_migrator", "migrator"))
                .hasMessage("The user 'check_migrator' may not grant the functions' roles privileges on the schema"
                        + " 'public'; run as the schema's owner, 'postgres': GRANT CREATE, USAGE ON SCHEMA \"public\" TO"
                        + " \"check_migrator\" WITH GRANT OPTION.");

        database.execute("GRANT CREATE, USAGE ON SCHEMA public TO check_migrator WITH GRANT OPTION");

        assertThat(DatabaseCheck.check(url, "check_migrator", "migrator")).contains("Schema public: empty");
    }

    @Test
    void check_ofADatabaseWithOtherTables_orWithoutASchema_refusesIt() {
        TestDatabase other = TestDatabase.empty();
        String url = other.settings().get("STEPTRAIL_DATABASE_URL");
        other.execute("CREATE TABLE customers (id int)");

        assertThatThrownBy(() -> DatabaseCheck.check(url, USER, PASSWORD))
                .hasMessage("The schema 'public' contains 1 other tables; use an empty database: CREATE DATABASE"
                        + " steptrail.");

        other.execute("DROP SCHEMA public CASCADE");
        assertThatThrownBy(() -> DatabaseCheck.check(url, USER, PASSWORD))
                .hasMessageStartingWith(
                        "The search_path of the user 'postgres' contains no schema that this user may use;"
                                + " run CREATE SCHEMA public if there is none");
    }

    @Test
    void check_withALoginWithoutRights_namesTheGrant() throws Exception {
        TestDatabase database = TestDatabase.empty();
        database.execute("CREATE ROLE weak_login LOGIN PASSWORD 'weak'");
        database.execute("ALTER SCHEMA public OWNER TO postgres");
        database.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC"); // the default from Postgres 15 on
        String url = database.settings().get("STEPTRAIL_DATABASE_URL");

        assertThatThrownBy(() -> DatabaseCheck.check(url, "weak_login", "weak"))
                .hasMessageEndingWith("'postgres': GRANT CREATE, USAGE ON SCHEMA \"public\" TO \"weak_login\".");

        database.execute("GRANT CREATE, USAGE ON SCHEMA public TO weak_login");

        assertThat(DatabaseCheck.check(url, "weak_login", "weak"))
                .contains("Logins: all functions use 'weak_login', because the user 'weak_login' may not create roles"
                        + " (CREATEROLE)");
    }

    /** A URL that starts with a question mark is appended to the URL of the database. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            jdbc:postgresql://127.0.0.1:1/x          | Cannot connect to 127.0.0.1:1: .*allowed addresses.*
            jdbc:postgresql://no-such-host.invalid/x | The host no-such-host.invalid does not exist or has no IPv4 address.*session pooler.*
            jdbc:postgresql://[2600:1f18::1]/x       | .*has no IPv4 address.*session pooler.*
            mysql://127.0.0.1/x                      | The database's URL: must start with.*
            ?password=swordfish                      | The database's URL: must not contain a user or a password((?!swordfish).)*
            ?sslmode=verify-full                     | No TLS connection to 127.0.0.1:.*sslrootcert.*
            """)
    void check_withAWrongUrl_saysWhatToDo(String url, String message) {
        assertThatThrownBy(() -> DatabaseCheck.check(url.startsWith("?") ? URL + url : url, USER, PASSWORD))
                .isInstanceOf(DatabaseCheck.Unsuitable.class)
                .message()
                .matches(message);
    }

    @Test
    void check_withAWrongPasswordOrDatabase_namesIt() {
        assertThatThrownBy(() -> DatabaseCheck.check(URL, USER, "")).hasMessageContaining("password is empty");
        assertThatThrownBy(() -> DatabaseCheck.check(URL.replaceFirst("(?<=[0-9])/[^?]+", "/missing"), USER, PASSWORD))
                .hasMessageContaining("The database 'missing' does not exist.");
    }
}
