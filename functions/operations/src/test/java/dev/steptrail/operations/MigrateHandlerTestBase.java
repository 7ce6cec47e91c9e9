package dev.steptrail.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.aws.Settings;
import dev.steptrail.aws.TestParameters;
import dev.steptrail.store.TestContext;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.DatabaseLogin;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Base of tests that migrate with a user without superuser rights, as managed databases provide. */
abstract class MigrateHandlerTestBase {
    static final List<String> LOGINS = List.of("ingest", "api", "export", "operations");
    static final String PASSWORD = "password-of-the-migrator";
    static final TestParameters PARAMETERS = TestParameters.start();
    private static final AtomicInteger NUMBER = new AtomicInteger();

    final TestDatabase database = TestDatabase.empty();
    final TestContext context = new TestContext();

    /** Roles are shared by all databases of the server. */
    final String stack = "migrate-" + NUMBER.incrementAndGet();

    final String migrator = "migrator_" + NUMBER.get();
    final String prefix = "/steptrail/" + stack + "/database/";

    MigrateHandler handler(String attributes) {
        database.execute("CREATE ROLE " + migrator + " LOGIN " + attributes + " PASSWORD '" + PASSWORD + "'");
        database.execute("ALTER DATABASE " + database.value("SELECT current_database()") + " OWNER TO " + migrator);
        // From Postgres 15 on, the owner of a database also owns the schema.
        database.execute("DO $$ BEGIN IF current_setting('server_version_num')::int < 150000 THEN"
                + " ALTER SCHEMA public OWNER TO " + migrator + "; END IF; END $$");
        return new MigrateHandler(settings());
    }

    /** The settings of the migrate function in a deployment with an external database. */
    Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(database.settings(PARAMETERS.settings()));
        settings.remove("STEPTRAIL_DATABASE_PASSWORD");
        settings.put("STEPTRAIL_DATABASE_USER", migrator);
        settings.put("STEPTRAIL_DATABASE_AUTH", "parameter");
        settings.put("STEPTRAIL_DATABASE_PASSWORD_PARAMETER", "/steptrail/password");
        settings.put("STEPTRAIL_LOGIN_PARAMETERS", prefix);
        settings.put("STEPTRAIL_STACK", stack);
        settings.put("STEPTRAIL_API_CONNECTIONS", "2");
        PARAMETERS.put("/steptrail/password", PASSWORD);
        return settings;
    }

    /** The settings of another function in the same deployment. */
    Database database(String login) {
        Map<String, String> settings = settings();
        settings.remove("STEPTRAIL_DATABASE_USER");
        settings.remove("STEPTRAIL_DATABASE_PASSWORD_PARAMETER");
        settings.put("STEPTRAIL_DATABASE_LOGIN_PARAMETER", prefix + login);
        return new Database(new Settings(settings));
    }

    /** Checks that each function can log in, and that only operations acts as the owner of the tables. */
    void assertEachLoginWorks() {
        for (String login : LOGINS) {
            try (Database function = database(login)) {
                assertThat(value(function, "SELECT session_user || ' ' || current_user"))
                        .isEqualTo("%1$s_%2$s %1$s_%3$s", stack, login, login.equals("operations") ? "owner" : login);
            }
        }
    }

    /** Returns the passwords of the functions. */
    List<String> passwords() {
        return LOGINS.stream()
                .map(login -> DatabaseLogin.parse("login", PARAMETERS.values().get(prefix + login))
                        .password())
                .toList();
    }

    static String value(Database database, String sql) {
        return database.read(session -> session.sql(sql).single(row -> row.getString(1)));
    }

    /** Runs the check of {@code infra/deploy} in another process. Returns its output, with the reason if it fails. */
    String checkDatabase() throws Exception {
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

    List<String> tableOwners() {
        return database.column("SELECT DISTINCT tableowner::text FROM pg_tables WHERE schemaname = 'public'");
    }
}
