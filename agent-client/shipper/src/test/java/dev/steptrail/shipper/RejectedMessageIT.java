package dev.steptrail.shipper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.shipper.fixture.LocalAws;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskRecords;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** A queue whose size limit is lower than the shipper's. */
class RejectedMessageIT extends LocalAwsTestBase {
    @Override
    LocalAws place() {
        return LocalAws.withMessagesUpTo(16 * 1024);
    }

    @Test
    void recordRejectedBySqs_isKept_andOtherRecordsAndTasksAreDelivered() throws Exception {
        TaskRecords next = TaskRecords.newTask();
        StepRecord refused = task.step(1, noise(60_000));
        write(task.started(), refused, task.step(2, "two"), task.ended());
        write(next, next.started(), next.ended());

        ShipCounts counts = ship();

        assertThat(counts.rejected()).isEqualTo(1);
        assertThat(counts.tasks()).isEqualTo(2);
        assertThat(counts.records()).isEqualTo(5);
        assertThat(aws.records())
                .containsExactlyInAnyOrder(
                        task.started(), task.step(2, "two"), task.ended(), next.started(), next.ended());
        assertThat(Files.readAllLines(outbox.folder().resolve("rejected/" + task.task() + ".jsonl")))
                .containsExactly(new String(RecordCodec.encode(refused), UTF_8));
        assertThat(outbox.tasks()).isEmpty();
    }
}
