package dev.steptrail.store;

import dev.steptrail.aws.Settings;
import dev.steptrail.stepformat.MemoryFolder;
import dev.steptrail.stepformat.ReservedPorts;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.ingest.ReceivedMessage;
import dev.steptrail.store.ingest.WriteResult;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.DatabaseLogin.Credentials;
import dev.steptrail.store.jdbc.Session;
import dev.steptrail.store.model.Agent;
import dev.steptrail.store.roles.DatabaseRoles;
import dev.steptrail.store.roles.FunctionLogin;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;

/**
 * A real PostgreSQL for tests: one server per JVM, started at first use, and a separate migrated database for each
 * caller, copied from a template that was migrated once. The next copy is created in advance.
 */
public final class TestDatabase {
    private static final String TEMPLATE = "migrated";
    /** A folder with migrations of a later release, with whose schema this release must work. */
    private static final String MIGRATIONS = Optional.ofNullable(System.getProperty("steptrail.migrations"))
            .map(folder -> "filesystem:" + folder)
            .orElse("classpath:db/migration");

    /** The prefix of the names of roles. All databases of a server share the roles. */
    public static final String STACK = "test";

    private static final String PASSWORD = "password-of-functions";
    private static final int UNLIMITED_CONNECTIONS = -1;

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final int port;
    private final String name;

    /** The connection on which a thread writes. */
    private final ThreadLocal<Database> ingest = ThreadLocal.withInitial(() -> database(FunctionLogin.INGEST));

    private TestDatabase(int port, String name) {
        this.port = port;
        this.name = name;
    }

    /** Returns a migrated database that no other test uses. */
    public static TestDatabase migrated() {
        return Server.copy();
    }

    public static TestDatabase empty() {
        return Server.create("");
    }

    /** Returns a database of a server that the test started. */
    public static TestDatabase of(EmbeddedPostgres server) {
        return new TestDatabase(server.getPort(), "postgres");
    }

    /** Returns the settings of a superuser of this database. */
    public Map<String, String> settings() {
        return Map.of(
                "STEPTRAIL_DATABASE_URL", url(),
                "STEPTRAIL_DATABASE_USER", "postgres",
                "STEPTRAIL_DATABASE_PASSWORD", "postgres");
    }

    /** Returns these settings and the additional ones. */
    public Map<String, String> settings(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(settings());
        all.putAll(more);
        return all;
    }

    /** Returns the settings of the function with this login. */
    public Map<String, String> settings(FunctionLogin login) {
        return settings(Map.of(
                "STEPTRAIL_DATABASE_USER", STACK + "_" + login.suffix(), "STEPTRAIL_DATABASE_PASSWORD", PASSWORD));
    }

    /** Returns the settings of the function with this login, and the additional ones. */
    public Map<String, String> settings(FunctionLogin login, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(settings(login));
        all.putAll(more);
        return all;
    }

    /** Returns a database that is used with the rights of a function. */
    public Database database(FunctionLogin login) {
        return new Database(new Settings(settings(login)));
    }

    /** Returns a database that is used with the rights of a superuser, for the preparation and checks of a test. */
    public Database database() {
        return new Database(new Settings(settings()));
    }

    /** Migrates as a deployment does: as the owner, with a login for each function. */
    public TestDatabase migrate() {
        try (DatabaseRoles roles = roles()) {
            roles.create(
                    Stream.of(FunctionLogin.values())
                            .collect(Collectors.toMap(Function.identity(), login -> UNLIMITED_CONNECTIONS)),
                    "");
            Flyway.configure()
                    .dataSource(url(), "postgres", "postgres")
                    .initSql(DatabaseRoles.setRole(STACK))
                    .locations(MIGRATIONS)
                    .group(true)
                    .load()
                    .migrate();
            roles.grantPrivileges();
            for (FunctionLogin login : FunctionLogin.values()) {
                roles.setPassword(login, new Credentials(roles.loginUser(login), PASSWORD));
            }
        }
        return this;
    }

    private DatabaseRoles roles() {
        return DatabaseRoles.connect(new Settings(settings()), "postgres", STACK);
    }

    public void execute(String sql) {
        execute(port, name, sql);
    }

    /** Deletes all rows, except those of the registered agents. */
    public TestDatabase clear() {
        execute("""
                DO $$ BEGIN
                    EXECUTE (SELECT 'TRUNCATE ' || string_agg(oid::regclass::text, ', ')
                               FROM pg_class
                              WHERE relnamespace = 'public'::regnamespace
                                AND relkind IN ('r', 'p')
                                AND NOT relispartition
                                AND relname NOT IN ('agents', 'flyway_schema_history'));
                END $$
                """);
        return this;
    }

    /** Returns the first column of the rows of a query, as text. */
    public List<String> column(String sql) {
        try (Connection connection = DriverManager.getConnection(url(), "postgres", "postgres");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the single value of a query, as text. */
    public String value(String sql) {
        List<String> values = column(sql);
        if (values.size() != 1) {
            throw new IllegalStateException("one row was expected, not " + values.size());
        }
        return values.get(0);
    }

    /** Returns the value of an expression for the row of a task, as text. */
    public String task(UUID task, String expression) {
        return value("SELECT " + expression + " FROM tasks WHERE task_id = '" + task + "'");
    }

    public long count(String table) {
        return Long.parseLong(value("SELECT count(*) FROM " + table));
    }

    /** Returns the number of rows of a task in a table. */
    public long count(String table, UUID task) {
        return count(table + " WHERE task_id = '" + task + "'");
    }

    public TestDatabase register(String senderId, String owner, String... onBehalfOf) {
        try (Database database = database()) {
            new AgentRepository(database).register(new Agent(senderId, owner, List.of(onBehalfOf)));
        }
        return this;
    }

    /** Writes a message of the sender {@code sender}, as ingest does. */
    public WriteResult write(StepRecord... records) {
        return write(TestRecords.message("sender", records));
    }

    /** Writes a batch of messages with the login of ingest, on a connection of this thread that stays open. */
    public WriteResult write(ReceivedMessage... batch) {
        return new DatabaseStepWriter(ingest.get()).write(List.of(batch));
    }

    /** Returns the result of a call that waits for a lock of another transaction, which then commits. */
    public <T> T callDuring(String statements, Callable<T> call) throws Exception {
        return callDuring(statements, call, () -> {});
    }

    /** @param meanwhile runs while the call waits for the lock */
    public <T> T callDuring(String statements, Callable<T> call, Runnable meanwhile) throws Exception {
        return callDuring(
                session -> {
                    session.execute(statements);
                    return true;
                },
                call,
                meanwhile);
    }

    public <T> T callDuring(Session.Work<?> change, Callable<T> call, Runnable meanwhile) throws Exception {
        FutureTask<T> waiting = new FutureTask<>(() -> {
            T result = call.call();
            ingest.get().close();
            return result;
        });
        try (Database other = database()) {
            other.inTransaction(session -> {
                change.run(session);
                new Thread(waiting).start();
                while (!waiting.isDone() && lockWaits() == 0) {
                    Thread.onSpinWait();
                }
                meanwhile.run();
                return true;
            });
        }
        return waiting.get();
    }

    /** Waits until this many sessions of the server wait for locks. */
    public void awaitLockWaits(int sessions) {
        while (lockWaits() < sessions) {
            Thread.onSpinWait();
        }
    }

    private int lockWaits() {
        return Integer.parseInt(value("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted"));
    }

    /** Returns the number of deadlocks so far, once all other sessions have ended. */
    public long deadlocks() throws InterruptedException {
        awaitEndOfSessions();
        return Long.parseLong(value("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"));
    }

    /**
     * Waits until all other sessions have ended, which add their counts to the statistics of Postgres when they end.
     */
    public void awaitEndOfSessions() throws InterruptedException {
        String sessions = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
        ingest.get().close();
        for (int i = 0; i < 500; i++) {
            if (value(sessions).equals("0")) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        throw new IllegalStateException("a session is still open");
    }

    /** Ends all other sessions, whose server processes then have written their statistics. */
    public void endSessions() {
        column("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
    }

    /** Returns the entries of an action in the audit log, newest first. */
    public List<String> audited(String action) {
        return column("SELECT concat_ws(' ', caller, task_id, task_owner, detail) FROM audit_log WHERE action = '"
                + action + "' ORDER BY id DESC");
    }

    private String url() {
        return url(port, name);
    }

    private static String url(int port, String name) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + name;
    }

    private static void execute(int port, String name, String sql) {
        try (Connection connection = DriverManager.getConnection(url(port, name), "postgres", "postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Started when this class is loaded; the server's shutdown hook stops it with the JVM. */
    private static final class Server {
        /** The functions' logins need their passwords; the superuser needs none. */
        private static final String AUTHENTICATION = """
                host all postgres 127.0.0.1/32 trust
                host all postgres ::1/128      trust
                host all all      127.0.0.1/32 scram-sha-256
                host all all      ::1/128      scram-sha-256
                """;

        private static final int PORT = start();
        private static CompletableFuture<TestDatabase> next = begin();

        private static int start() {
            try {
                Path data = MemoryFolder.create();
                int port = ReservedPorts.reserve();
                EmbeddedPostgres.builder().setDataDirectory(data).setPort(port).start();
                Files.writeString(data.resolve("pg_hba.conf"), AUTHENTICATION);
                execute(port, "postgres", "SELECT pg_reload_conf()");
                execute(port, "postgres", "CREATE DATABASE " + TEMPLATE);
                new TestDatabase(port, TEMPLATE).migrate();
                return port;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        static synchronized TestDatabase copy() {
            TestDatabase made = next.join();
            next = begin();
            return made;
        }

        private static CompletableFuture<TestDatabase> begin() {
            return CompletableFuture.supplyAsync(() -> create(" TEMPLATE " + TEMPLATE));
        }

        static TestDatabase create(String from) {
            String name = "test_" + NUMBER.incrementAndGet();
            execute(PORT, "postgres", "CREATE DATABASE " + name + from);
            return new TestDatabase(PORT, name);
        }
    }
}
