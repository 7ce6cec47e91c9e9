package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.shipper.fixture.MovableClock;
import dev.steptrail.tracker.internal.outbox.TaskWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A machine whose clock was an hour fast, and is corrected while a shipper runs. */
class ClockSetBackIT extends LocalAwsTestBase {
    private static final int HOUR = 3600;

    private final MovableClock clock = new MovableClock();

    @Test
    void linesOfRunningTask_doNotWaitForOldTime() throws Exception {
        try (TaskWriter writer = outbox.newTask(task.task());
                Shipper shipper = open(clock)) {
            writer.append(task.started());
            shipper.shipDue();
            clock.forward(-HOUR);
            writer.append(task.step(1, "after"));
            shipper.shipDue();

            assertThat(aws.records()).containsExactly(task.started(), task.step(1, "after"));
        }
    }

    @Test
    void failedFolder_doesNotWaitForOldTime() throws Exception {
        write(task.started(), task.ended());
        Path blocked = Files.createDirectories(steps().resolveSibling("shipped.tmp/x"));
        Path blockedMarker = Files.createDirectory(steps().resolveSibling("shipped.at-" + Files.size(steps())));
        try (Shipper shipper = open(clock)) {
            assertThatThrownBy(shipper::shipDue).hasMessageContaining(task.task() + " is not shipped");
            Files.delete(blocked);
            Files.delete(blockedMarker);
            clock.forward(-HOUR);
            shipper.shipDue();

            assertThat(outbox.tasks()).isEmpty();
        }
    }
}
