package dev.steptrail.shipper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.shipper.fixture.LocalAws;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskRecords;
import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.internal.outbox.TaskWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A queue whose size limit is lower than the shipper's. */
class RejectedMessageIT {
    @TempDir
    Path folder;

    private final LocalAws aws = LocalAws.withMessagesUpTo(16 * 1024);
    private final TaskRecords first = TaskRecords.newTask();
    private final TaskRecords next = TaskRecords.newTask();

    @Test
    void recordRejectedBySqs_isKept_andOtherRecordsAndTasksAreDelivered() throws Exception {
        Outbox outbox = Outbox.open(folder);
        StepRecord refused = first.step(1, LocalAwsTestBase.noise(60_000));
        write(outbox, first, refused, first.step(2, "two"));
        write(outbox, next, next.step(1, "one"));

        try (Shipper shipper =
                Shipper.open(outbox, ShipperSettings.from(aws.environment())).orElseThrow()) {
            shipper.shipAll();
            assertThat(shipper.counts().rejected()).isEqualTo(1);
            assertThat(shipper.counts().tasks()).isEqualTo(2);
            assertThat(shipper.counts().records()).isEqualTo(6);
        }

        assertThat(aws.records())
                .containsExactlyInAnyOrderElementsOf(List.of(
                        first.started(),
                        first.step(2, "two"),
                        first.ended(),
                        next.started(),
                        next.step(1, "one"),
                        next.ended()));
        assertThat(Files.readAllLines(folder.resolve("rejected/" + first.task() + ".jsonl")))
                .containsExactly(new String(RecordCodec.encode(refused), UTF_8));
        assertThat(outbox.tasks()).isEmpty();
    }

    private static void write(Outbox outbox, TaskRecords task, StepRecord... steps) throws Exception {
        try (TaskWriter writer = outbox.newTask(task.task())) {
            writer.append(task.started());
            for (StepRecord step : steps) {
                writer.append(step);
            }
            writer.append(task.ended());
        }
    }
}
