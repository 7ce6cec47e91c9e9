package dev.steptrail.shipper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.shipper.fixture.FaultySqs;
import dev.steptrail.shipper.fixture.Screens;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.TaskRecords;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import dev.steptrail.tracker.internal.outbox.TaskWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Tasks that cannot be shipped are reported, and other tasks are delivered and removed. */
class BlockedTaskIT extends LocalAwsTestBase {
    private final TaskRecords done = new TaskRecords(new UUID(-1, -1)); // the last in the order of ids

    @Test
    void screenshotThatCannotBeStored_blocksOnlyItsTask() throws Exception {
        try (TaskWriter writer = outbox.newTask(task.task())) {
            writer.append(task.step(1, "", writer.writeFrame(1, FrameRole.BEFORE, Screens.small(1), false, null)));
            writer.append(task.ended());
        }
        write(done, done.started(), done.ended());
        aws.deleteBucket();

        assertThatThrownBy(this::ship).isInstanceOf(ShipException.class).hasMessageContaining("STEPTRAIL_BUCKET");

        assertThat(outbox.tasks()).extracting(OutboxTask::id).containsExactly(task.task());
    }

    @Test
    void endRejectedByQueue_blocksOnlyItsTask() throws Exception {
        write(task.started());
        Files.setLastModifiedTime(steps(), FileTime.from(Instant.now().minus(Duration.ofHours(7))));
        write(done, done.started(), done.ended());
        try (FaultySqs sqs = new FaultySqs(aws.environment())) {
            sqs.fail(body -> body.contains("abandoned"), false, "InternalError");

            assertThatThrownBy(() -> ship(sqs.environment())).hasMessage("SQS: InternalError: text from SQS");
        }

        assertThat(outbox.tasks()).extracting(OutboxTask::id).containsExactly(task.task());
    }

    @Test
    void unreadableFolders_areReported_andBlockNoOtherTask() throws Exception {
        for (int i = 1; i <= 7; i++) {
            Files.createDirectories(outbox.folder().resolve(new UUID(0, i) + "/steps.jsonl"));
        }
        write(done, done.started(), done.ended());

        assertThatThrownBy(this::ship)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(outbox.folder().resolve(new UUID(0, 1).toString()) + " is not shipped: ")
                .hasMessageContaining("steps.jsonl: is a link, a folder or a device")
                .hasMessageContaining(new UUID(0, 5) + " is not shipped")
                .hasMessageEndingWith("; and 2 more");

        assertThat(aws.records()).containsExactly(done.started(), done.ended());
        assertThat(outbox.tasks()).hasSize(7).extracting(OutboxTask::id).doesNotContain(done.task());
    }
}
