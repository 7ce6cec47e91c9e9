package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.shipper.fixture.LocalAws;
import dev.steptrail.stepformat.TaskRecords;
import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.internal.outbox.TaskWriter;
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
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
@Timeout(300)
class ShipLoopIT {
    @TempDir
    Path folder;

    private final LocalAws aws = new LocalAws();
    private final TaskRecords task = TaskRecords.newTask();

    /** Back-off is for outages only; a broken folder must not cause it. */
    @Test
    void brokenFolder_doesNotDelayOtherTasks() throws Exception {
        Outbox outbox = Outbox.open(folder);
        Files.createDirectories(folder.resolve(new UUID(0, 1) + "/steps.jsonl"));
        try (Shipper shipper =
                Shipper.open(outbox, ShipperSettings.from(aws.environment())).orElseThrow()) {
            Thread loop = new Thread(new ShipLoop(shipper, Duration.ofMillis(1)));
            loop.start();
            int shipped = 0;
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (shipped < 5 && System.nanoTime() < deadline) {
                TaskRecords next = TaskRecords.newTask();
                try (TaskWriter writer = outbox.newTask(next.task())) {
                    writer.append(next.started());
                    writer.append(next.ended());
                }
                while (outbox.task(next.task()).isPresent() && System.nanoTime() < deadline) {
                    Thread.sleep(2);
                }
                shipped++;
            }
            loop.interrupt();
            loop.join(60_000);
            assertThat(shipper.counts().tasks()).isEqualTo(5);
        }
    }

    /** The clock throws the error, because a pass reads it first. */
    @Test
    void temporaryOutOfMemory_isSurvived() throws Exception {
        Outbox outbox = Outbox.open(folder);
        try (TaskWriter writer = outbox.newTask(task.task())) {
            writer.append(task.started());
            writer.append(task.ended());
        }
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
        try (Shipper shipper = Shipper.open(outbox, ShipperSettings.from(aws.environment()), clock)
                .orElseThrow()) {
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
        Outbox outbox = Outbox.open(folder);
        try (TaskWriter writer = outbox.newTask(task.task())) {
            writer.append(task.started());
            writer.append(task.ended());
        }
        aws.deleteQueue();
        try (Shipper shipper =
                Shipper.open(outbox, ShipperSettings.from(aws.environment())).orElseThrow()) {
            Thread loop = new Thread(new ShipLoop(shipper, Duration.ofMillis(1)));
            loop.start();
            Thread.sleep(300);
            assertThat(loop.isAlive()).isTrue();
            assertThat(outbox.tasks()).hasSize(1);

            aws.createQueue();
            long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (!outbox.tasks().isEmpty() && System.nanoTime() < deadline) {
                Thread.sleep(20);
            }
            assertThat(outbox.tasks()).isEmpty();
            assertThat(aws.records()).hasSize(2);

            loop.interrupt();
            loop.join(60_000);
            assertThat(loop.isAlive()).isFalse();
        }
    }
}
