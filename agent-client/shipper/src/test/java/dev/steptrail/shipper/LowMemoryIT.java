package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.shipper.fixture.JavaProcess;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.TrackedTask;
import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An agent with little memory, and a line in its outbox that does not fit into memory. */
@Timeout(60)
@Tag("slow")
class LowMemoryIT extends LocalAwsTestBase {
    private static final UUID VAST = new UUID(0, 1);

    /** Ends two tasks, the second after the first has been delivered. */
    static final class Agent {
        public static void main(String[] arguments) throws Exception {
            Outbox outbox = Outbox.open(Path.of(arguments[0]));
            try (StepTracker tracker = StepTracker.builder(outbox.folder())
                    .shippingTimeout(Duration.ofSeconds(10))
                    .build()) {
                TrackedTask first = tracker.startTask("first");
                first.succeeded(null);
                while (outbox.task(first.id()).isPresent()) {
                    Thread.sleep(20);
                }
                for (int i = 0; i < 500 && tracker.stats().shipped() == null; i++) {
                    Thread.sleep(20); // until the shipper has processed all tasks
                }
                tracker.startTask("second").succeeded(null);
            }
        }
    }

    @Test
    void lineLargerThanMemory_failsOnlyItsTask() throws Exception {
        Files.createDirectories(outbox.folder().resolve(VAST.toString()));
        Files.writeString(
                outbox.folder().resolve(VAST + "/steps.jsonl"),
                "{\"v\":1,\"record\":\"step\",\"thinking\":\"" + "x".repeat(16_000_000) + "\"}\n");
        ProcessBuilder command = JavaProcess.of(
                        List.of("-Xmx40m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"),
                        Agent.class,
                        outbox.folder().toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        command.environment().putAll(aws.environment());
        Process agent = command.start();
        try {
            assertThat(agent.waitFor()).isZero();
        } finally {
            agent.destroyForcibly();
        }

        assertThat(folder.resolve("output")).content().contains("OutOfMemoryError");
        assertThat(aws.records()).hasSize(4);
        assertThat(outbox.tasks()).extracting(OutboxTask::id).containsExactly(VAST);
    }
}
