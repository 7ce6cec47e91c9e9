package dev.steptrail.shipper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.shipper.fixture.JavaProcess;
import dev.steptrail.tracker.internal.outbox.Outbox;
import java.io.File;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Each outbox has at most one shipper. */
class ShipperLockIT extends LocalAwsTestBase {
    @Test
    void open_whileAnotherIsOpen_returnsEmpty() throws Exception {
        try (Shipper shipper = open(Clock.systemUTC())) {
            assertThat(shipper).isNotNull();
            assertThat(Shipper.open(outbox, ShipperSettings.from(aws.environment())))
                    .isEmpty();
        }
        open(Clock.systemUTC()).close();
    }

    /** Fails to open a shipper, then opens the lock. */
    static final class Opening {
        public static void main(String[] arguments) throws Exception {
            Outbox outbox = Outbox.open(Path.of(arguments[0]));
            try {
                Shipper.open(outbox, ShipperSettings.from(System.getenv()));
            } catch (LinkageError e) {
                System.out.println("failed " + outbox.tryLock().isPresent());
            }
        }
    }

    @Test
    void openWithMissingLibrary_releasesOutbox() throws Exception {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("httpclient"))
                .collect(Collectors.joining(File.pathSeparator));
        ProcessBuilder command = JavaProcess.of(Opening.class, outbox.folder().toString());
        Collections.replaceAll(command.command(), System.getProperty("java.class.path"), classPath);
        command.environment().putAll(aws.environment());
        Process opening = command.redirectError(ProcessBuilder.Redirect.INHERIT).start();

        assertThat(new String(opening.getInputStream().readAllBytes(), UTF_8)).isEqualTo("failed true\n");
    }

    @Test
    void failedOpen_releasesOutbox() throws Exception {
        Map<String, String> environment = new HashMap<>(aws.environment("STEPTRAIL_SENDER", ""));
        environment.put("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1");
        assertThatThrownBy(() -> ship(environment))
                .isInstanceOf(ShipException.class)
                .hasMessageStartingWith("STS cannot be reached");

        open(Clock.systemUTC()).close();
    }
}
