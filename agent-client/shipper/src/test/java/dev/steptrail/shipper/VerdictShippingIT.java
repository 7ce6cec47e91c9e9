package dev.steptrail.shipper;

import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.shipper.fixture.Screens;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.stepformat.VerdictValue;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import dev.steptrail.tracker.internal.outbox.TaskWriter;
import dev.steptrail.tracker.internal.outbox.VerdictRecorder;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Verdicts of other tasks, which are recorded into a separate folder. */
class VerdictShippingIT extends LocalAwsTestBase {
    private static final Instant TIME = Instant.parse("2026-02-03T04:05:06Z");

    private static Verdict verdict(UUID task, String reason) {
        return new Verdict(task, TIME, "success", VerdictValue.Label.PASS, "judge", "1.0", reason, Map.of());
    }

    private VerdictRecorder recorder() {
        return new VerdictRecorder(outbox, outbox.quota(1L << 30), Clock.systemUTC());
    }

    @Test
    void verdictsOfAnyTasks_areSent_andTheFolderIsRemoved_onceItsWriterHasEnded() throws Exception {
        Verdict first = verdict(new UUID(0, 1), "the alarm is set");
        Verdict second = verdict(new UUID(0, 2), null);
        try (VerdictRecorder recorder = recorder()) {
            recorder.add(first);
            ship(Instant.now().plus(Duration.ofDays(9)));
            assertThat(aws.records()).containsExactly(first);
            assertThat(outbox.tasks()).hasSize(1);
            recorder.add(second);
        }
        ShipCounts counts = ship();

        assertThat(aws.records()).containsExactly(second);
        assertThat(counts.tasks()).isZero();
        assertThat(counts.rejected()).isZero();
        assertThat(outbox.tasks()).isEmpty();
    }

    @Test
    void folderOfVerdictsWithAnIncompleteLine_isRemovedWithoutAnEnd() throws Exception {
        Verdict verdict = verdict(new UUID(0, 1), null);
        write(verdict);
        Files.writeString(steps(), "{\"v\":1,\"rec", APPEND);

        ship(Instant.now().plus(Duration.ofHours(7)));

        assertThat(aws.records()).containsExactly(verdict);
        assertThat(outbox.tasks()).isEmpty();
    }

    @Test
    void verdictOnATaskInTheOutbox_isSentAfterTheFirstMessageOfTheTask() throws Exception {
        Verdict verdict = verdict(task.task(), null);
        try (VerdictRecorder recorder = recorder()) {
            recorder.add(verdict);
        }
        try (TaskWriter writer = outbox.newTask(task.task())) {
            writer.append(task.step(1, "", writer.writeFrame(1, FrameRole.BEFORE, Screens.small(1), false, null)));
            aws.deleteBucket();
            Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
            assertThatThrownBy(() -> ship(tomorrow)).isInstanceOf(ShipException.class);
            assertThat(aws.records()).isEmpty();
            assertThat(outbox.tasks()).hasSize(2);

            aws.createBucket();
            ship();
        }

        assertThat(aws.records()).hasSize(2).last().isEqualTo(verdict);
        assertThat(outbox.tasks()).extracting(OutboxTask::id).containsExactly(task.task());
    }

    @Test
    void verdictInTheFolderOfItsTask_isSentWithIt() throws Exception {
        Verdict verdict = verdict(task.task(), null);
        write(task.started(), verdict, task.ended());

        ship();

        assertThat(aws.records()).containsExactly(task.started(), verdict, task.ended());
        assertThat(outbox.tasks()).isEmpty();
    }
}
