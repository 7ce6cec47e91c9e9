package dev.steptrail.tracker.internal.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskRecords;
import dev.steptrail.stepformat.Usage;
import dev.steptrail.tracker.Pngs;
import dev.steptrail.tracker.RecordedTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskRecorderTest {
    private static final UUID TASK = UUID.fromString("0190163d-8694-739b-aea5-966c26f8ad91");

    private final TaskRecords records = new TaskRecords(TASK);
    private final LossCounts losses = new LossCounts();

    @TempDir
    Path folder;

    private Outbox outbox;
    private OutboxQuota quota;
    private TaskRecorder recorder;

    @BeforeEach
    void open() throws IOException {
        outbox = Outbox.open(folder.resolve("outbox"));
        quota = outbox.quota(1 << 30);
        recorder =
                new TaskRecorder(outbox, quota, records.started(), losses, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
    }

    @AfterEach
    void close() throws IOException {
        recorder.close();
    }

    @Test
    void losses_areWrittenOnce_beforeTheNextStepOrTheEnd() throws Exception {
        recorder.add(records.step(1, "one"));
        losses.addStep(LossReason.INVALID);
        recorder.add(records.step(2, "two"));
        recorder.add(records.step(3, "three"));
        losses.addStep(LossReason.INVALID);
        recorder.end(records.ended());

        assertThat(recorded())
                .containsExactly(
                        records.started(),
                        records.step(1, "one"),
                        invalid(1),
                        records.step(2, "two"),
                        records.step(3, "three"),
                        invalid(2),
                        records.ended());
    }

    @Test
    void reportedLosses_areAddedToCountedOnes_andOnlyGrow() throws Exception {
        losses.addStep(LossReason.INVALID);
        recorder.add(invalid(5));
        recorder.add(invalid(3));
        recorder.end(records.ended());

        assertThat(recorded()).containsExactly(records.started(), invalid(6), invalid(6), records.ended());
        assertThat(losses.steps()).isEqualTo(Map.of("invalid", 1L));
    }

    @Test
    void aRemovedFolder_isCreatedAgain_withTheStartAndTheLosses() throws Exception {
        losses.addStep(LossReason.INVALID);
        recorder.add(records.step(1, "one"));
        Files.move(outbox.folder(), folder.resolve("away"));

        recorder.add(records.step(2, "two"));

        assertThat(recorded()).containsExactly(records.started(), invalid(1), records.step(2, "two"));
    }

    @Test
    void aStepThatCannotBeWritten_isRemovedWithItsScreenshots_alsoFromTheCounts() throws Exception {
        recorder.start();
        long before = quota.written();
        addFrame(1);
        assertThat(quota.written()).isGreaterThan(before);
        Usage tooLong = new Usage(1, null, 1, Map.of("x", "x".repeat(OutboxLine.MAX_BYTES)));
        assertThatThrownBy(() -> recorder.add(records.step(1, "one").withModelCall(ModelCall.ofUsage(tooLong))))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(outbox.folder().resolve(TASK + "/frames")).isEmptyDirectory();
        assertThat(quota.written()).isEqualTo(before);
        assertThat(before).isEqualTo(Files.size(outbox.folder().resolve(TASK + "/steps.jsonl")));
    }

    @Test
    void screenshotsWithoutAStep_areRemovedByTheNextCall() throws Exception {
        addFrame(1);
        recorder.requireSpaceForStep();
        assertThat(outbox.folder().resolve(TASK + "/frames")).isEmptyDirectory();

        addFrame(2);
        recorder.end(records.ended());
        assertThat(outbox.folder().resolve(TASK + "/frames")).isEmptyDirectory();
    }

    private void addFrame(int step) throws IOException {
        recorder.addFrame(step, FrameRole.BEFORE, Pngs.ofSize(2, 3), false, List.of());
    }

    private List<StepRecord> recorded() throws Exception {
        return RecordedTask.of(folder.resolve("outbox"), TASK).records();
    }

    private static Losses invalid(long count) {
        return new Losses(TASK, Instant.EPOCH, Map.of("invalid", count), Map.of(), Map.of());
    }
}
