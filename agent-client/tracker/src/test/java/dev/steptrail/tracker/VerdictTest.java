package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.stepformat.VerdictValue;
import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Automatic verdicts, on tasks of this tracker and of others. */
class VerdictTest extends TrackerFixture {
    private static final VerdictData PASS = VerdictData.of("judge", VerdictValue.Label.PASS);

    /** Returns the verdicts in the outbox, which are in folders without other records. */
    private List<Verdict> verdicts() throws Exception {
        List<Verdict> verdicts = new ArrayList<>();
        for (OutboxTask folder : Outbox.open(outbox).tasks()) {
            List<StepRecord> records = RecordedTask.of(folder).records();
            if (!records.isEmpty() && records.get(0) instanceof Verdict) {
                records.forEach(record -> verdicts.add((Verdict) record));
            }
        }
        return verdicts;
    }

    @Test
    void aVerdictOnATask_isRecorded_beforeAndAfterItsEnd() throws Exception {
        TrackedTask task = tracker.startTask("do it");
        assertThat(task.judge(PASS)).isTrue();
        task.record(tap());
        task.succeeded("done");
        assertThat(task.judge(VerdictData.of("judge", new VerdictValue.Score(0.5))
                        .withName("score")
                        .withEvaluatorVersion("1.2")
                        .withReason("half way")))
                .isTrue();
        assertThat(tracker.flush(SOON)).isTrue();

        assertThat(verdicts())
                .extracting(Verdict::taskId, Verdict::name, Verdict::value, Verdict::evaluatorVersion, Verdict::reason)
                .containsExactly(
                        tuple(task.id(), "success", VerdictValue.Label.PASS, null, null),
                        tuple(task.id(), "score", new VerdictValue.Score(0.5), "1.2", "half way"));
        assertThat(RecordedTask.of(outbox, task).numbers()).containsExactly(1);
        assertThat(tracker.stats().lostVerdicts()).isZero();
    }

    @Test
    void invalidAndLateVerdicts_areCounted() throws Exception {
        TrackedTask task = tracker.startTask("do it");
        assertThat(task.judge(null)).isFalse();
        assertThat(tracker.judge(null, PASS)).isFalse();
        assertThat(task.judge(VerdictData.of("", VerdictValue.Label.PASS))).isFalse();
        assertThat(task.judge(VerdictData.of("judge", new VerdictValue.Score(1))))
                .isFalse();
        assertThat(task.judge(new VerdictData(null, null, null, null, null))).isFalse();
        tracker.close();
        assertThat(task.judge(PASS)).isFalse();

        assertThat(tracker.stats().lostVerdicts()).isEqualTo(6);
        assertThat(verdicts()).isEmpty();
    }

    @Test
    void anUnwritableOutbox_losesTheVerdict_andLaterOnesAreRecorded() throws Exception {
        UUID task = new UUID(0, 7);
        Files.move(outbox, folder.resolve("elsewhere"));
        Files.createFile(outbox);
        tracker.judge(task, PASS);
        tracker.flush(SOON);
        assertThat(tracker.stats().lostVerdicts()).isEqualTo(1);

        Files.delete(outbox);
        tracker.judge(task, PASS.withReason("again"));
        tracker.flush(SOON);

        assertThat(verdicts()).extracting(Verdict::reason).containsExactly("again");
        assertThat(tracker.stats().lostVerdicts()).isEqualTo(1);
    }

    @Test
    void aVerdictOnATaskOfAnotherProcess_hasItsOwnFolder_whichIsReplacedIfRemoved() throws Exception {
        UUID task = new UUID(0, 7);
        tracker.judge(task, PASS);
        tracker.flush(SOON);
        Files.move(outbox, folder.resolve("elsewhere"));
        tracker.judge(task, PASS.withReason("again"));
        tracker.flush(SOON);

        assertThat(outbox.resolve(task.toString())).doesNotExist();
        assertThat(verdicts()).extracting(Verdict::reason).containsExactly("again");
    }

    @Test
    void aReason_isRedacted_orWithheld() throws Exception {
        try (StepTracker picky = StepTracker.builder(outbox)
                .redactTexts(text -> {
                    if (text.contains("555")) {
                        throw new IllegalStateException(text);
                    }
                    return text.replaceAll("\\d", "#");
                })
                .build()) {
            picky.judge(new UUID(0, 1), PASS.withReason("code 12"));
            picky.judge(new UUID(0, 2), PASS.withReason("called 555"));
            picky.flush(SOON);
        }

        assertThat(verdicts()).extracting(Verdict::reason).containsExactly("code ##", null);
        assertThat(verdicts().get(1).unknown()).isEqualTo(Map.of("withheld_fields", List.of("reason")));
    }
}
