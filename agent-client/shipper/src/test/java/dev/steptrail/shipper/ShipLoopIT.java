package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.shipper.fixture.FaultySqs;
import dev.steptrail.stepformat.TaskRecords;
import dev.steptrail.stepformat.Waiting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("slow")
@Timeout(300)
class ShipLoopIT extends LocalAwsTestBase {
    /** Back-off is for outages only; a broken folder must not cause it. */
    @Test
    void brokenFolder_doesNotDelayOtherTasks() throws Exception {
        Files.createDirectories(outbox.folder().resolve(new UUID(0, 1) + "/steps.jsonl"));
        try (Shipper shipper = open(aws.environment())) {
            Thread loop = new Thread(new ShipLoop(shipper, Duration.ofMillis(1)));
            loop.start();
            for (int i = 0; i < 5; i++) {
                TaskRecords next = TaskRecords.newTask();
                write(next, next.started(), next.ended());
                Waiting.until(
                        "the task is shipped", () -> outbox.task(next.task()).isEmpty());
            }
            loop.interrupt();
            loop.join();
            assertThat(shipper.counts().tasks()).isEqualTo(5);
        }
    }

    /** The clock throws the error, because a pass reads it first. */
    @Test
    void temporaryOutOfMemory_isSurvived() throws Exception {
        write(task.started(), task.ended());
        AtomicInteger failures = new AtomicInteger();
        Clock clock = new Clock() {
            @Override
            public Instant instant() {
                if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    throw new OutOfMemoryError("for a moment");
                }
                return Instant.now();
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
        CountDownLatch finish = new CountDownLatch(1);
        try (Shipper shipper = open(clock)) {
            failures.set(3);
            new ShipLoop(shipper, Duration.ofMillis(1), finish, () -> {
                        if (shipper.counts().tasks() == 1) {
                            finish.countDown();
                        }
                    })
                    .run();
        }

        assertThat(failures).hasValue(0);
        assertThat(aws.records()).hasSize(2);
    }

    @Test
    void outage_isSurvived_andInterruptEndsLoop() throws Exception {
        write(task.started(), task.ended());
        aws.deleteQueue();
        try (Shipper shipper = open(aws.environment())) {
            Thread loop = new Thread(new ShipLoop(shipper, Duration.ofMillis(1)));
            loop.start();
            Thread.sleep(300);
            assertThat(loop.isAlive()).isTrue();
            assertThat(outbox.tasks()).hasSize(1);

            aws.createQueue();
            Waiting.until("everything is shipped", () -> outbox.tasks().isEmpty());
            assertThat(aws.records()).hasSize(2);

            loop.interrupt();
            loop.join();
        }
    }

    @Test
    void outageWithChangingMessages_isLoggedOnce() throws Exception {
        write(task.started(), task.ended());
        Path log = folder.resolve("log");
        try (FaultySqs sqs = new FaultySqs(aws.environment())) {
            sqs.fail(body -> true, false, "InternalError");
            sqs.say(request -> "request " + request + " failed");
            ProcessBuilder command = ShippingProcess.of(outbox, "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn")
                    .redirectError(log.toFile())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            command.environment().putAll(sqs.environment());
            Process shipper = command.start();
            try {
                Waiting.until("three messages were sent", () -> sqs.sizes().size() >= 3);
            } finally {
                shipper.destroyForcibly().waitFor();
            }
        }
        assertThat(Files.readAllLines(log)).singleElement().asString().contains("Not shipped", "request 1 failed");
    }
}
