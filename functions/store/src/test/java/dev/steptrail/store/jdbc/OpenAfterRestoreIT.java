package dev.steptrail.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.aws.Settings;
import dev.steptrail.store.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests the database's hook after a restore from a snapshot. */
@Tag("slow")
class OpenAfterRestoreIT {
    private static final TestDatabase DATABASE = TestDatabase.empty();
    private static final String OURS =
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'steptrail'";

    @Test
    void databaseThatIsDown_returns_andTheFirstEventFails() {
        try (Database database =
                database(DATABASE.settings(Map.of("STEPTRAIL_DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/none")))) {
            database.openAfterRestore();

            assertThatThrownBy(database::check).isInstanceOf(StoreException.Unavailable.class);
        }
    }

    @Test
    void databaseThatDoesNotAnswer_returns() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Database database = database(DATABASE.settings(Map.of(
                        "STEPTRAIL_DATABASE_URL", "jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/none")))) {
            silent.setSoTimeout(1);

            database.openAfterRestore();

            assertThat(silent.accept().isConnected()).as("it was tried").isTrue();
        }
    }

    @Test
    void processesRestoredFromOneSnapshot_openSeparateConnections() throws Exception {
        try (Database one = database(DATABASE.settings());
                Database other = database(DATABASE.settings())) {
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

    private static Database database(Map<String, String> settings) {
        return new Database(new Settings(settings));
    }
}
