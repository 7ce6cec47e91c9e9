package dev.steptrail.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.aws.Settings;
import dev.steptrail.store.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which errors are retried, how often, and on which connection, and how long reads may take. */
class DatabaseIT {
    private static final TestDatabase DATABASE = TestDatabase.empty();

    private final AtomicInteger attempts = new AtomicInteger();
    private final Database reader = DATABASE.database();

    @AfterEach
    void close() {
        reader.close();
    }

    @BeforeEach
    void makeRows() {
        DATABASE.execute("DROP TABLE IF EXISTS counters");
        DATABASE.execute("CREATE TABLE counters AS SELECT id, 0 AS count FROM generate_series(1, 2) AS id");
    }

    @Test
    void twoTransactionsThatDeadlock_bothSucceed() throws Exception {
        CountDownLatch bothHoldOne = new CountDownLatch(2);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Future<Integer> backwards = other.submit(() -> addToBoth(2, 1, bothHoldOne));
            addToBoth(1, 2, bothHoldOne);
            backwards.get();
        } finally {
            other.shutdown();
        }

        // The retried transaction may lock its row again before the other one wakes up.
        assertThat(attempts).hasValueGreaterThanOrEqualTo(3);
        assertThat(DATABASE.column("SELECT count FROM counters")).containsExactly("2", "2");
    }

    @Test
    void serializationFailure_isRetried() {
        try (Database database = DATABASE.database()) {
            database.inTransaction(session -> {
                run(session, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
                run(session, "SELECT count FROM counters");
                if (attempts.incrementAndGet() == 1) {
                    DATABASE.execute("UPDATE counters SET count = 10");
                }
                return run(session, "UPDATE counters SET count = count + 1");
            });
        }

        assertThat(attempts).hasValue(2);
        assertThat(DATABASE.column("SELECT count FROM counters")).containsExactly("11", "11");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            DO $$ BEGIN RAISE 'no' USING ERRCODE = '40001'; END $$ | 4 | the database is not available (SQLSTATE 40001)
            SELECT pg_terminate_backend(pg_backend_pid())          | 2 | the database is not available (SQLSTATE
            SELECT 1 / 0                                           | 1 | the database rejected the data (SQLSTATE 22012)
            """)
    void failure_isRetried_unlessTheDataCausedIt(String sql, int expectedAttempts, String message) {
        try (Database database = DATABASE.database()) {
            assertThatThrownBy(() -> database.inTransaction(session -> {
                        attempts.incrementAndGet();
                        return run(session, sql);
                    }))
                    .isInstanceOf(StoreException.class)
                    .hasMessageStartingWith(message);

            database.check();
        }
        assertThat(attempts).hasValue(expectedAttempts);
    }

    /** A transaction pooler cannot use statements that are prepared in a session. */
    @ParameterizedTest
    @CsvSource({"'',true,0", "?prepareThreshold=5,true,1", "?prepareThreshold=5,false,0"})
    void statements_arePreparedInTheSession_onlyIfRequestedWithThatUrlOption(
            String option, boolean reads, int prepared) {
        Map<String, String> settings = DATABASE.settings(
                Map.of("STEPTRAIL_DATABASE_URL", DATABASE.settings().get("STEPTRAIL_DATABASE_URL") + option));
        try (Database database = reads
                ? Database.withPreparedStatements(new Settings(settings))
                : new Database(new Settings(settings))) {
            for (int i = 0; i < 6; i++) {
                database.readInAutoCommit(session -> answer(session, "SELECT count FROM counters WHERE id = 1"));
            }

            assertThat(database.<String>readInAutoCommit(session -> answer(
                            session, "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%counters%'")))
                    .isEqualTo(String.valueOf(prepared));
        }
    }

    @Test
    void timeLimitedRead_isPlannedForItsParameters_unlikeOtherStatements() {
        String mode = "SELECT current_setting('plan_cache_mode')";
        try (Database database = Database.withPreparedStatements(new Settings(DATABASE.settings()))) {
            database.setReadDeadline(Duration.ofSeconds(60));

            assertThat(database.<String>readInAutoCommit(session -> answer(session, mode)))
                    .isEqualTo("force_custom_plan");
            assertThat(database.<String>read(session -> answer(session, mode))).isEqualTo("force_custom_plan");
            assertThat(database.<String>readInAutoCommit(session -> answer(session.useGenericPlans(), mode)))
                    .isEqualTo("force_generic_plan");
            assertThat(database.<String>lookUp(session -> answer(session, mode)))
                    .isEqualTo("auto");
            assertThat(database.<String>inTransaction(session -> answer(session, mode)))
                    .isEqualTo("auto");
        }
    }

    private static String answer(Session session, String question) throws SQLException {
        return session.sql(question).single(row -> row.getString(1));
    }

    @Test
    void connectionLostInATransaction_isReplaced_evenIfNew() {
        try (Database database = DATABASE.database()) {
            database.inTransaction(session -> {
                add(session, 1);
                if (attempts.incrementAndGet() == 1) {
                    run(session, "SELECT pg_terminate_backend(pg_backend_pid())");
                }
                return add(session, 2);
            });
        }

        assertThat(attempts).hasValue(2);
        assertThat(DATABASE.column("SELECT count FROM counters")).containsExactly("1", "1");
    }

    /** Before the idle time after which a connection is tested, the first statement fails and is repeated. */
    @ParameterizedTest
    @CsvSource({"0, 1", "60, 2"})
    void sessionThatEndedBecauseItWasIdle_isReplaced(int testAfterSeconds, int expectedAttempts)
            throws InterruptedException {
        try (Database idle = new Database(new Settings(DATABASE.settings()), Duration.ofSeconds(testAfterSeconds))) {
            idle.inAutoCommit(session -> run(session, "SET idle_session_timeout = '50ms'"));
            awaitConnections(0);

            idle.inTransaction(session -> {
                attempts.incrementAndGet();
                return run(session, "UPDATE counters SET count = 1");
            });
            idle.check();
        }

        assertThat(attempts).hasValue(expectedAttempts);
        assertThat(DATABASE.column("SELECT count FROM counters")).containsExactly("1", "1");
    }

    @Test
    @Tag("slow")
    void slowRead_isCancelledByPostgres_andOneWithoutTimeLeftIsNotSent() {
        reader.setReadDeadline(Duration.ofMillis(300));
        assertThatThrownBy(() -> reader.read(session -> answer(session, "SELECT pg_sleep(20)")))
                .hasMessage("the database is not available (SQLSTATE 57014)");

        reader.setReadDeadline(Duration.ofMillis(300));
        assertThatThrownBy(() -> reader.readInAutoCommit(session -> answer(session, "SELECT pg_sleep(20)")))
                .hasMessage("the database is not available (SQLSTATE 57014)");

        reader.setReadDeadline(Duration.ZERO);
        assertThatThrownBy(() -> reader.readInAutoCommit(session -> answer(session, "SELECT 1")))
                .hasMessage("the database is not available (SQLSTATE 57014)");
    }

    @Test
    void limit_appliesToEachStatement_andIsNotLeftInTheSession() {
        reader.setReadDeadline(Duration.ofMinutes(1));

        String limit = "SELECT current_setting('statement_timeout')";
        List<String> limits = reader.read(session -> List.of(answer(session, limit), answer(session, limit)));
        String afterwards = reader.inAutoCommit(session -> answer(session, limit));

        assertThat(limits).allSatisfy(set -> assertThat(set).matches("(59[0-9]{3}ms|1min)"));
        assertThat(afterwards).isEqualTo("0");
    }

    @Test
    void rowsFetchedInParts_areComplete_andParametersKeepTheirPositions() {
        reader.setReadDeadline(Duration.ofMinutes(1));

        List<Integer> read = reader.read(session -> session.sql("SELECT generate_series(1, ?) AS number", 1000)
                .fetchSize(7)
                .list(row -> row.getInt("number")));

        assertThat(read).hasSize(1000).endsWith(1000);
    }

    @Test
    void openAfterRestore_ofADatabaseThatIsDown_returns_andTheFirstEventFails() {
        try (Database database = database("jdbc:postgresql://127.0.0.1:1/none")) {
            database.openAfterRestore();

            assertThatThrownBy(database::check).isInstanceOf(StoreException.Unavailable.class);
        }
    }

    @Test
    @Tag("slow")
    void openAfterRestore_ofADatabaseThatDoesNotAnswer_returns() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Database database = database("jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/none")) {
            silent.setSoTimeout(1);

            database.openAfterRestore();

            assertThat(silent.accept().isConnected()).as("it was tried").isTrue();
        }
    }

    @Test
    void processesRestoredFromOneSnapshot_openSeparateConnections() throws Exception {
        try (Database one = DATABASE.database();
                Database other = DATABASE.database()) {
            one.openAfterRestore();
            other.openAfterRestore();

            assertThat(awaitConnections(2)).doesNotHaveDuplicates();
            one.check();
            other.check();
            assertThat(awaitConnections(2)).hasSize(2);
        }
    }

    private static List<String> awaitConnections(int count) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        String sessions = "SELECT pid FROM pg_stat_activity"
                + " WHERE datname = current_database() AND application_name = 'steptrail'";
        List<String> ours = DATABASE.column(sessions);
        while (ours.size() != count && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(20);
            ours = DATABASE.column(sessions);
        }
        assertThat(ours).hasSize(count);
        return ours;
    }

    private static Database database(String url) {
        return new Database(new Settings(DATABASE.settings(Map.of("STEPTRAIL_DATABASE_URL", url))));
    }

    private int addToBoth(int first, int second, CountDownLatch bothHoldOne) {
        try (Database database = DATABASE.database()) {
            return database.inTransaction(session -> {
                attempts.incrementAndGet();
                add(session, first);
                bothHoldOne.countDown();
                await(() -> bothHoldOne.await(60, TimeUnit.SECONDS));
                return add(session, second);
            });
        }
    }

    private static int add(Session session, int id) throws SQLException {
        return run(session, "UPDATE counters SET count = count + 1 WHERE id = " + id);
    }

    private static int run(Session session, String sql) throws SQLException {
        try (Statement statement = session.connection().createStatement()) {
            statement.execute(sql);
            return statement.getUpdateCount();
        }
    }

    private static void await(Callable<Boolean> event) {
        try {
            assertThat(event.call()).isTrue();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
