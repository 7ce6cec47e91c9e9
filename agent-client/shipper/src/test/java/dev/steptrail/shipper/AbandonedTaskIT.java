package dev.steptrail.shipper;

import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.tracker.internal.outbox.TaskWriter;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** Tasks whose writer did not record an end. */
class AbandonedTaskIT extends LocalAwsTestBase {
    @Test
    void taskWithoutWriter_isAbandonedAfterSixHours() throws Exception {
        write(task.started(), task.step(1, "one"));
        Files.writeString(steps(), "{\"v\":1,\"rec", APPEND);
        Instant written = Files.getLastModifiedTime(steps()).toInstant();

        ship(written.plus(Duration.ofHours(6).minusMinutes(1)));
        assertThat(aws.records()).containsExactly(task.started(), task.step(1, "one"));
        assertThat(outbox.tasks()).hasSize(1);

        ShipCounts counts = ship(written.plus(Duration.ofHours(6).plusMinutes(1)));
        assertThat(aws.records())
                .containsExactly(new TaskEnded(
                        task.task(),
                        task.step(1, "one").timestamp(),
                        TaskStatus.ABANDONED,
                        EndReason.ABANDONED,
                        "the agent did not end the task",
                        null,
                        List.of(),
                        Map.of()));
        assertThat(outbox.tasks()).isEmpty();
        assertThat(counts.rejected()).isEqualTo(1);
        assertThat(outbox.folder().resolve("rejected/" + task.task() + ".jsonl"))
                .hasContent("{\"v\":1,\"rec\n");
    }

    @Test
    void taskWithUnorderedLines_isAbandonedAtLatestTimestamp() throws Exception {
        write(task.started(), task.step(2, "two"), task.step(1, "one"));

        ship(Instant.now().plus(Duration.ofHours(7)));

        // The server would ignore an earlier end, because a step follows it.
        assertThat(aws.records())
                .last(InstanceOfAssertFactories.type(TaskEnded.class))
                .extracting(TaskEnded::status, TaskEnded::timestamp)
                .containsExactly(TaskStatus.ABANDONED, task.step(2, "two").timestamp());
    }

    @Test
    void taskWithLineAndBytesAfterEnd_isNotAbandoned() throws Exception {
        write(task.started(), task.ended(), task.step(1, "one"));
        Files.writeString(steps(), "left over", APPEND);

        ship(Instant.now().plus(Duration.ofHours(7)));

        assertThat(aws.records()).containsExactly(task.started(), task.ended(), task.step(1, "one"));
        assertThat(outbox.tasks()).isEmpty();
    }

    @Test
    void taskWithLiveWriter_isNeverAbandoned() throws Exception {
        try (TaskWriter writer = outbox.newTask(task.task())) {
            writer.append(task.started());
            ship(Instant.now().plus(Duration.ofDays(9)));

            assertThat(aws.records()).containsExactly(task.started());
            assertThat(outbox.tasks()).hasSize(1);
        }
    }

    @Test
    void emptyFolder_isRemovedAfterSixHoursWithoutMessage() throws Exception {
        outbox.newTask(task.task()).close();
        ship();
        assertThat(outbox.tasks()).hasSize(1);

        ship(Instant.now().plus(Duration.ofHours(7)));
        assertThat(outbox.tasks()).isEmpty();
        assertThat(aws.messages()).isEmpty();
    }
}
