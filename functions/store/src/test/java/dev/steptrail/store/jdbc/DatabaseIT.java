package dev.steptrail.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.aws.Settings;
import dev.steptrail.store.TestDatabase;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which errors are retried, how often, and on which connection. */
class DatabaseIT {
    private static final TestDatabase DATABASE = TestDatabase.empty();

    private final AtomicInteger attempts = new AtomicInteger();

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

    @Test
    void repeatedCollision_failsAfterTheMaximumAttempts() {
        try (Database database = DATABASE.database()) {
            assertThatThrownBy(() -> database.inTransaction(session -> {
                        attempts.incrementAndGet();
                        return run(session, "DO $$ BEGIN RAISE 'no' USING ERRCODE = '40001'; END $$");
                    }))
                    .isInstanceOf(StoreException.Unavailable.class)
                    .hasMessage("the database is not available (SQLSTATE 40001)");

            database.check();
        }
        assertThat(attempts).hasValue(4);
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

    @Test
    void preparedTimeLimitedRead_isPlannedEachTime() {
        Map<String, String> settings = DATABASE.settings(Map.of(
                "STEPTRAIL_DATABASE_URL", DATABASE.settings().get("STEPTRAIL_DATABASE_URL") + "?prepareThreshold=5"));
        try (Database database = Database.withPreparedStatements(new Settings(settings))) {
            for (int i = 0; i < 20; i++) {
                database.setReadDeadline(Duration.ofSeconds(60));
                database.readInAutoCommit(session -> session.sql("SELECT count FROM counters WHERE id = ?", 1)
                        .hasRows());
                database.lookUp(session ->
                        session.sql("SELECT id FROM counters WHERE id = ?", 1).hasRows());
            }
            String plans = "SELECT max(generic_plans) > 0 FROM pg_prepared_statements WHERE statement LIKE '%%%s%%'";

            assertThat(database.<String>lookUp(
                            session -> answer(session, plans.formatted("SELECT count FROM counters"))))
                    .isEqualTo("f");
            assertThat(database.<String>lookUp(session -> answer(session, plans.formatted("SELECT id FROM counters"))))
                    .isEqualTo("t");
        }
    }

    private static String answer(Session session, String question) throws SQLException {
        return session.sql(question).single(row -> row.getString(1));
    }

    @Test
    void otherError_isNotRetried() {
        try (Database database = DATABASE.database()) {
            assertThatThrownBy(() -> database.inTransaction(session -> {
                        attempts.incrementAndGet();
                        return run(session, "SELECT 1 / 0");
                    }))
                    .isInstanceOf(StoreException.DataRejected.class);

            database.check();
        }
        assertThat(attempts).hasValue(1);
    }

    @Test
    void connectionLostInATransaction_isReplaced_evenIfNew() {
        try (Database database = DATABASE.database()) {
            database.inTransaction(this::addAndDieAtFirst);
        }

        assertThat(attempts).hasValue(2);
        assertThat(DATABASE.column("SELECT count FROM counters")).containsExactly("1", "1");
    }

    @Test
    void connectionLostEachTime_isReplacedOnce() {
        try (Database database = DATABASE.database()) {
            assertThatThrownBy(() -> database.inTransaction(session -> {
                        attempts.incrementAndGet();
                        return die(session);
                    }))
                    .isInstanceOf(StoreException.Unavailable.class);

            database.check();
        }
        assertThat(attempts).hasValue(2);
    }

    @Test
    void connectionClosedByTheServer_isReplacedBeforeUse() {
        try (Database tested = new Database(new Settings(DATABASE.settings()), Duration.ZERO)) {
            tested.check();
            DATABASE.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                    + " WHERE datname = current_database() AND application_name = 'steptrail'");

            tested.inTransaction(session -> {
                attempts.incrementAndGet();
                return run(session, "UPDATE counters SET count = 1");
            });
        }

        assertThat(attempts).hasValue(1);
    }

    /** Before the idle time after which a connection is tested, the first statement fails and is repeated. */
    @ParameterizedTest
    @ValueSource(ints = {0, 60})
    void sessionThatEndedBecauseItWasIdle_isReplaced(int testAfterSeconds) throws InterruptedException {
        String sessions = "SELECT count(*) FROM pg_stat_activity"
                + " WHERE datname = current_database() AND application_name = 'steptrail'";
        try (Database idle = new Database(new Settings(DATABASE.settings()), Duration.ofSeconds(testAfterSeconds))) {
            idle.inAutoCommit(session -> run(session, "SET idle_session_timeout = '50ms'"));
            for (int i = 0; i < 1000 && !DATABASE.value(sessions).equals("0"); i++) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            assertThat(DATABASE.value(sessions)).isEqualTo("0");

            idle.inTransaction(session -> run(session, "UPDATE counters SET count = 1"));
        }

        assertThat(DATABASE.column("SELECT count FROM counters")).containsExactly("1", "1");
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

    private int addAndDieAtFirst(Session session) throws SQLException {
        add(session, 1);
        if (attempts.incrementAndGet() == 1) {
            die(session);
        }
        return add(session, 2);
    }

    private static int die(Session session) throws SQLException {
        return run(session, "SELECT pg_terminate_backend(pg_backend_pid())");
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
