package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.shipper.fixture.FaultySqs;
import dev.steptrail.shipper.fixture.Screens;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.TaskRecords;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import dev.steptrail.tracker.internal.outbox.TaskWriter;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A delivered task is removed, even if other tasks are blocked. */
class FinishedTaskIT extends LocalAwsTestBase {
    private final TaskRecords done = new TaskRecords(new UUID(-1, -1)); // the last in the order of ids

    @Test
    void screenshotThatCannotBeStored_blocksOnlyItsTask() throws Exception {
        try (TaskWriter writer = outbox.newTask(task.task())) {
            writer.append(task.step(1, "", writer.writeFrame(1, FrameRole.BEFORE, Screens.small(1), false, null)));
            writer.append(task.ended());
        }
        writeDone();
        aws.deleteBucket();

        assertThatThrownBy(this::ship).isInstanceOf(ShipException.class).hasMessageContaining("STEPTRAIL_BUCKET");

        assertThat(outbox.tasks()).extracting(OutboxTask::id).containsExactly(task.task());
    }

    @Test
    void endRejectedByQueue_blocksOnlyItsTask() throws Exception {
        write(task.started());
        Files.setLastModifiedTime(steps(), FileTime.from(Instant.now().minus(Duration.ofHours(7))));
        writeDone();
        try (FaultySqs sqs = new FaultySqs(aws.environment())) {
            sqs.fail(body -> body.contains("abandoned"), false, "InternalError");

            assertThatThrownBy(() -> ship(sqs.environment())).hasMessage("SQS: InternalError: text from SQS");
        }

        assertThat(outbox.tasks()).extracting(OutboxTask::id).containsExactly(task.task());
    }

    private void writeDone() throws Exception {
        try (TaskWriter writer = outbox.newTask(done.task())) {
            writer.append(done.started());
            writer.append(done.ended());
        }
    }
}
