package dev.steptrail.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.aws.Settings;
import dev.steptrail.store.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection that is opened while a function starts. */
class EarlyConnectionIT {
    private static final TestDatabase DATABASE = TestDatabase.empty();
    private static final String OURS =
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'steptrail'";

    @ParameterizedTest
    @ValueSource(strings = {"on-demand", "provisioned-concurrency"})
    void openEarly_inANewEnvironment_opensTheConnectionThatIsUsedThen(String initialization) throws Exception {
        try (Database database = database(Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", initialization))) {
            database.openEarly();
            List<String> early = awaitConnections(1);

            database.check();

            assertThat(DATABASE.column(OURS)).isEqualTo(early);
        }
        awaitConnections(0);
    }

    @Test
    void openEarly_beforeASnapshot_opensNothing() {
        try (Database database = database(Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start"))) {
            database.openEarly();
            assertThat(DATABASE.column(OURS)).isEmpty();

            database.check();
            assertThat(DATABASE.column(OURS)).hasSize(1);
        }
    }

    @Test
    void anEarlyConnectionThatWasCutMeanwhile_isReplaced() throws Exception {
        try (Database database = database(Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"))) {
            database.openEarly();
            awaitConnections(1);
            DATABASE.execute("SELECT pg_terminate_backend(pid) FROM (" + OURS + ") AS ours");
            awaitConnections(0);

            assertThatCode(database::check).doesNotThrowAnyException();
        }
    }

    @Test
    void openEarly_whereNobodyAnswers_failsWhenItIsNeeded() {
        Map<String, String> nowhere = Map.of(
                "AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand",
                "STEPTRAIL_DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/steptrail");
        try (Database database = database(nowhere)) {
            database.openEarly();

            assertThatThrownBy(database::check).isInstanceOf(StoreException.Unavailable.class);
        }
    }

    @Test
    void close_whileItOpens_closesItThen() throws Exception {
        Database database = database(Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"));
        database.openEarly();
        database.close();

        TimeUnit.MILLISECONDS.sleep(500);
        awaitConnections(0);
    }

    private static Database database(Map<String, String> more) {
        return new Database(new Settings(DATABASE.settings(more)));
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
}
