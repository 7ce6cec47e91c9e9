package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.tracker.outbox.Outbox;
import dev.steptrail.tracker.outbox.TaskWriter;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShipLoopIT {
    @TempDir
    Path folder;

    private final LocalAws aws = new LocalAws();
    private final TaskRecords task = TaskRecords.newTask();

    @Test
    void anOutage_isOutlived_andAnInterruptEndsTheLoop() throws Exception {
        Outbox outbox = Outbox.in(folder);
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
            long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (!outbox.tasks().isEmpty() && System.nanoTime() < deadline) {
                Thread.sleep(20);
            }
            assertThat(outbox.tasks()).isEmpty();
            assertThat(aws.records()).hasSize(2);

            loop.interrupt();
            loop.join(5_000);
            assertThat(loop.isAlive()).isFalse();
        }
    }
}
