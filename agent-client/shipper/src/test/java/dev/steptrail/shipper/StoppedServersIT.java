package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.shipper.fixture.LocalAws;
import dev.steptrail.shipper.fixture.Screens;
import dev.steptrail.shipper.fixture.StoppableServers;
import dev.steptrail.shipper.fixture.Waiting;
import dev.steptrail.shipper.internal.state.ShipperState;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Step;
import dev.steptrail.tracker.StepData;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.TrackedTask;
import dev.steptrail.tracker.internal.outbox.Outbox;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Stops and restarts SQS and S3. Agents continue, the cause is reported, and each record arrives once. */
@Tag("slow")
@Timeout(300)
class StoppedServersIT {
    private static final int STEPS = 30;

    @TempDir
    Path folder;

    /** An agent and its outbox. */
    private static final class Lab implements AutoCloseable {
        private final Outbox outbox;
        private final StepTracker tracker;
        private final List<UUID> tasks = new ArrayList<>();

        Lab(Path folder) throws IOException {
            outbox = Outbox.open(folder);
            tracker = StepTracker.builder(folder).shipping(false).build();
        }

        void record() throws IOException {
            TrackedTask task = tracker.startTask("task " + tasks.size());
            tasks.add(task.id());
            for (int number = 1; number <= STEPS; number++) {
                StepData.Builder step =
                        StepData.action(Map.of("action", "Tap", "n", number)).succeeded();
                if (number == 1) {
                    step.frame(FrameRole.BEFORE, Screens.small(1 + tasks.size()), false);
                }
                task.record(step.build());
            }
            task.succeeded(null);
            assertThat(tracker.flush(Duration.ofSeconds(60))).isTrue();
            assertThat(tracker.stats().droppedSteps()).isEmpty();
            assertThat(tracker.stats().droppedScreenshots()).isEmpty();
        }

        void awaitDelivery() throws Exception {
            Waiting.until(() -> outbox.tasks().isEmpty());
        }

        /** The problem that {@code steptrail status} shows; empty if there is none. */
        String problem() throws IOException {
            ShipperState.Problem problem =
                    ShipperState.read(outbox).map(ShipperState::problem).orElse(null);
            return problem == null ? "" : problem.kind() + ": " + problem.message();
        }

        @Override
        public void close() {
            tracker.close();
        }
    }

    @Test
    void stoppedSqsAndS3_shippersRetry_andAllRecordsArriveAfterRestart() throws Exception {
        try (StoppableServers servers = new StoppableServers(folder.resolve("servers"));
                Lab embedded = new Lab(folder.resolve("embedded"));
                Lab command = new Lab(folder.resolve("command"))) {
            LocalAws aws = new LocalAws(servers.sqs(), servers.s3());
            List<Lab> labs = List.of(embedded, command);
            Process shipping = startCommand(command, aws);
            try {
                CountDownLatch finish = new CountDownLatch(1);
                Thread shippingToo = new Thread(() -> shipEmbedded(embedded, aws, finish));
                shippingToo.start();
                recordThroughAnOutage(labs, servers, aws);
                finish.countDown();
                shippingToo.join();
            } finally {
                shipping.destroyForcibly().waitFor();
            }
            assertThatAllArrivedOnce(labs, aws);
        }
    }

    private static void recordThroughAnOutage(List<Lab> labs, StoppableServers servers, LocalAws aws) throws Exception {
        for (Lab lab : labs) {
            lab.record();
            lab.awaitDelivery();
        }
        servers.stopSqs();
        servers.stopS3();
        for (Lab lab : labs) {
            lab.record();
            Waiting.until(() -> lab.problem().startsWith("unreachable: S3 cannot be reached"));
        }

        // Only the bucket: objects are stored, but no message references them yet.
        servers.startS3();
        for (Lab lab : labs) {
            Waiting.until(() -> lab.problem().startsWith("unreachable: SQS cannot be reached"));
            String task = lab.tasks.get(1).toString();
            assertThat(aws.keys()).anyMatch(key -> key.contains(task));
            lab.record();
            assertThat(lab.outbox.tasks()).hasSize(2);
        }

        servers.startSqs();
        for (Lab lab : labs) {
            lab.awaitDelivery();
            Waiting.until(() -> lab.problem().isEmpty());
        }
    }

    private static void assertThatAllArrivedOnce(List<Lab> labs, LocalAws aws) throws Exception {
        QueueConsumer arrivals = new QueueConsumer(aws);
        arrivals.receive();
        assertThat(arrivals.deliveries()).isEqualTo(arrivals.size()).isEqualTo(2 * 3 * (STEPS + 2));
        for (UUID task : labs.stream().flatMap(lab -> lab.tasks.stream()).toList()) {
            Map<Integer, Step> steps = arrivals.steps(task);
            assertThat(steps).hasSize(STEPS);
            assertThat(steps.get(1).screenshots()).hasSize(1);
        }
    }

    private static void shipEmbedded(Lab lab, LocalAws aws, CountDownLatch finish) {
        try {
            new EmbeddedShipping(Duration.ofMillis(50)).ship(lab.outbox, aws.environment(), finish, stats -> {});
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Process startCommand(Lab lab, LocalAws aws) throws IOException {
        ProcessBuilder command = ShippingProcess.of(lab.outbox)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        command.environment().putAll(aws.environment());
        return command.start();
    }
}
