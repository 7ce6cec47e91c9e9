package dev.steptrail.shipper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.shipper.fixture.JavaProcess;
import dev.steptrail.shipper.fixture.Screens;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Waiting;
import dev.steptrail.tracker.StepData;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.TrackedTask;
import dev.steptrail.tracker.internal.outbox.FolderLock;
import dev.steptrail.tracker.shipping.ShippingStats;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Shipping from within the agent's process, which needs only the shipper on its class path. */
@Tag("slow")
@Timeout(60)
class EmbeddedShippingIT extends LocalAwsTestBase {
    private final EmbeddedShipping shipping = new EmbeddedShipping(Duration.ofMillis(50));
    private final CountDownLatch finish = new CountDownLatch(1);
    private final AtomicReference<ShippingStats> stats = new AtomicReference<>();

    /** An agent without code for shipping. Prints how long closing its tracker took. */
    static final class Agent {
        public static void main(String[] arguments) throws Exception {
            StepTracker tracker = StepTracker.builder(Path.of(arguments[0]))
                    .shipping(Boolean.parseBoolean(arguments[1]))
                    .shippingTimeout(Duration.ofMillis(Long.parseLong(arguments[2])))
                    .build();
            TrackedTask task = tracker.startTask("in one process");
            task.record(StepData.action(Map.of("action", "Tap"))
                    .frame(FrameRole.BEFORE, Screens.small(1), false)
                    .succeeded()
                    .build());
            task.succeeded(null);
            tracker.flush(Duration.ofSeconds(10));
            long start = System.nanoTime();
            tracker.close();
            System.out.println(Duration.ofNanos(System.nanoTime() - start).toMillis());
            System.out.println(tracker.stats().shipped());
        }
    }

    @Test
    void agentWithShippingDisabled_leavesRecordsInOutbox() throws Exception {
        assertThat(runAgent(aws.environment(), false, 30_000)).element(1).isEqualTo("null");

        assertThat(aws.messages()).isEmpty();
        assertThat(outbox.tasks()).hasSize(1);
    }

    @Test
    void unresponsiveCloud_delaysCloseOnlyUpToTimeout() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            List<String> output = runAgent(
                    aws.environment("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:" + silent.getLocalPort()), true, 300);

            assertThat(Long.parseLong(output.get(0))).isBetween(290L, 3_000L);
            assertThat(outbox.tasks()).hasSize(1);
        }
    }

    @Test
    void otherShipperRunning_waitsAndTakesOver() throws Exception {
        write(task.started(), task.ended());
        Thread thread = new Thread(this::shipEmbedded);
        try (FolderLock other = outbox.tryLock().orElseThrow()) {
            assertThat(other).isNotNull();
            thread.start();
            thread.join(300);
            assertThat(thread.isAlive()).isTrue();
            assertThat(aws.messages()).isEmpty();
        }
        Waiting.until("everything is shipped", () -> outbox.tasks().isEmpty());
        assertThat(aws.records()).hasSize(2);
        finish.countDown();
        thread.join();
        assertThat(stats.get().oldestUnshipped()).isNull();
        assertThat(stats.get().shippedSteps()).isZero();
    }

    @Test
    void stats_areReported() throws Exception {
        write(task.started(), task.step(1, "one"), task.step(2, "two"));
        aws.deleteQueue();
        finish.countDown();
        shipEmbedded();
        assertThat(stats.get().oldestUnshipped()).isEqualTo(task.step(1, "one").timestamp());
        assertThat(stats.get().outboxBytes()).isGreaterThan(steps().toFile().length());

        aws.createQueue();
        shipEmbedded();
        assertThat(stats.get().shippedSteps()).isEqualTo(2);
        assertThat(stats.get().oldestUnshipped()).isNull();
    }

    private void shipEmbedded() {
        try {
            shipping.ship(outbox, aws.environment(), finish, stats::set);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<String> runAgent(Map<String, String> environment, boolean ships, long timeoutMillis) throws Exception {
        ProcessBuilder command = JavaProcess.of(
                        Agent.class, outbox.folder().toString(), String.valueOf(ships), String.valueOf(timeoutMillis))
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        command.environment().putAll(environment);
        Process agent = command.start();
        try (BufferedReader out = new BufferedReader(new InputStreamReader(agent.getInputStream(), UTF_8))) {
            List<String> output = out.lines().toList();
            assertThat(agent.waitFor()).isZero();
            return output;
        } finally {
            agent.destroyForcibly();
        }
    }
}
