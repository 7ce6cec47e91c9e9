package dev.steptrail.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.aws.LambdaFunction;
import dev.steptrail.aws.MetricSink;
import dev.steptrail.aws.Metrics;
import dev.steptrail.aws.Settings;
import dev.steptrail.store.TestContext;
import dev.steptrail.store.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests the database's hooks before a snapshot and after a restore. */
@Tag("slow")
class PrimingIT {
    private static final TestDatabase DATABASE = TestDatabase.empty();
    private static final String OURS =
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'steptrail'";

    @BeforeEach
    void createTable() {
        DATABASE.execute("CREATE TABLE IF NOT EXISTS primed (id int)");
    }

    @Test
    void prime_rollsBackEveryTransaction_andClosesTheConnection() throws Exception {
        try (Database database = database(DATABASE.settings())) {
            database.prime(() -> () -> {
                insert(database);
                database.inAutoCommit(session -> {
                    try (var statement = session.connection().createStatement()) {
                        return statement.executeUpdate("INSERT INTO primed VALUES (2)");
                    }
                });
            });

            assertThat(DATABASE.column("SELECT id FROM primed")).isEmpty();
            assertThat(awaitConnections(0)).isEmpty();
            assertThat(metrics(database)).as("measured before the snapshot").isEmpty();

            insert(database);
            assertThat(DATABASE.column("SELECT id FROM primed")).containsExactly("1");
            DATABASE.execute("DELETE FROM primed");
        }
    }

    @Test
    void prime_ofWorkThatFails_returns() {
        try (Database database = database(DATABASE.settings())) {
            database.prime(() -> () -> {
                throw new IllegalStateException("a fault");
            });
            database.prime(() -> () -> {
                throw new NoClassDefFoundError("a class of the runtime");
            });
            database.prime(() -> {
                throw new IllegalStateException("a fault of the preparation");
            });

            database.check();
        }
    }

    @Test
    void hooks_whileTheDatabaseIsDown_return_andTheFirstEventFails() {
        try (Database database =
                database(DATABASE.settings(Map.of("STEPTRAIL_DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/none")))) {
            AtomicInteger runs = new AtomicInteger();
            database.prime(() -> runs::incrementAndGet);
            database.openAfterRestore();

            assertThat(runs).hasValue(0);
            assertThatThrownBy(database::check).isInstanceOf(StoreException.Unavailable.class);
        }
    }

    @Test
    void databaseThatDoesNotAnswer_timesOut() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Database database = database(DATABASE.settings(Map.of(
                        "STEPTRAIL_DATABASE_URL", "jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/none")))) {
            AtomicInteger runs = new AtomicInteger();
            database.prime(() -> runs::incrementAndGet);

            assertThat(runs).hasValue(0);
        }
    }

    @Test
    @Timeout(30)
    void databaseThatHangsAfterLogin_timesOut_withoutASecondAttempt() {
        try (Database database = database(DATABASE.settings())) {
            AtomicInteger runs = new AtomicInteger();
            Runnable work = () -> {
                runs.incrementAndGet();
                database.inAutoCommit(
                        session -> session.sql("SELECT pg_sleep(60)").hasRows());
            };

            database.prime(() -> work, Duration.ofSeconds(1));

            assertThat(runs).hasValue(1);
        } finally {
            DATABASE.column(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'");
        }
    }

    @Test
    void processesRestoredFromOneSnapshot_openSeparateConnections() throws Exception {
        try (Database one = database(DATABASE.settings());
                Database other = database(DATABASE.settings())) {
            one.prime(() -> one::check);
            other.prime(() -> other::check);
            awaitConnections(0);

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
        List<String> ours = DATABASE.column(OURS);
        while (ours.size() != count && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(20);
            ours = DATABASE.column(OURS);
        }
        assertThat(ours).hasSize(count);
        return ours;
    }

    private static void insert(Database database) {
        database.inTransaction(session -> {
            try (var statement = session.connection().createStatement()) {
                return statement.executeUpdate("INSERT INTO primed VALUES (1)");
            }
        });
    }

    private static List<String> metrics(Database database) {
        Metrics metrics = new Metrics(LambdaFunction.INGEST, "request");
        database.addMetrics(metrics);
        TestContext context = new TestContext();
        MetricSink.LOG.write(metrics, context);
        return context.metricLines();
    }

    private static Database database(Map<String, String> settings) {
        return new Database(new Settings(settings));
    }
}
