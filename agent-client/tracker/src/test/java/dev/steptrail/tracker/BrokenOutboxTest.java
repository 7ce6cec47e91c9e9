package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.atIndex;

import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.TaskStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** An outbox that is removed or broken while a task is recorded. */
@Isolated("interrupts the writer threads of all trackers")
class BrokenOutboxTest extends TrackerFixture {
    @Test
    void aTemporarilyBrokenOutbox_losesOnlyTheStepsOfThatPeriod() throws Exception {
        breakOutbox();
        TrackedTask task = tracker.startTask("do it");
        task.record(tap());
        task.record(tap());
        assertThat(tracker.flush(SOON)).isTrue();
        assertThat(tracker.stats().droppedSteps()).isEqualTo(Map.of("outbox_unwritable", 2L));
        assertThat(tracker.stats().lastError()).contains(outbox.getFileName().toString());

        repairOutbox();
        task.record(tap());
        task.succeeded(null);
        tracker.flush(SOON);

        RecordedTask recorded = RecordedTask.of(outbox, task);
        assertThat(recorded.numbers()).containsExactly(3);
        assertThat(recorded.losses()).extracting(Losses::droppedSteps).containsExactly(Map.of("outbox_unwritable", 2L));
        assertThat(recorded.ended().lastStepNumber()).isEqualTo(3);
    }

    @Test
    void anEndThatCannotBeWritten_isRetried() throws Exception {
        breakOutbox();
        TrackedTask task = tracker.startTask("do it");
        task.succeeded(null);
        tracker.flush(SOON);
        repairOutbox();
        tracker.close();

        assertThat(RecordedTask.of(outbox, task).ended().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void anUnwrittenEnd_isRetriedBeforeTheNextTaskStarts() throws Exception {
        TrackedTask first = tracker.startTask("one");
        tracker.flush(SOON);
        breakOutbox();
        first.record(tap());
        first.succeeded(null);
        tracker.flush(SOON);
        repairOutbox();
        TrackedTask second = tracker.startTask("two");
        tracker.flush(SOON);

        assertThat(RecordedTask.of(outbox, first).ended().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(RecordedTask.of(outbox, first).losses())
                .extracting(Losses::droppedSteps)
                .containsExactly(Map.of("outbox_unwritable", 1L));
        assertThat(RecordedTask.of(outbox, second).started().description()).isEqualTo("two");
        assertThat(tracker.stats().lostEnds()).isZero();
    }

    @Test
    void anEndThatIsNeverWritten_isCountedOnce() throws Exception {
        TrackedTask task = tracker.startTask("one");
        tracker.flush(SOON);
        breakOutbox();
        task.succeeded(null);
        tracker.flush(SOON);
        tracker.startTask("two");
        tracker.flush(SOON);
        assertThat(tracker.stats().lostEnds()).isZero();

        tracker.close();
        assertThat(tracker.stats().lostEnds()).isEqualTo(2);
    }

    @Test
    void aTemporarilyMissingStepsFile_losesOnlyTheStepsOfThatPeriod() throws Exception {
        TrackedTask task = tracker.startTask("do it");
        task.record(tap());
        tracker.flush(SOON);
        Path steps = outbox.resolve(task.id() + "/steps.jsonl");
        Files.move(steps, folder.resolve("aside"));
        task.record(tap());
        task.record(tap());
        tracker.flush(SOON);
        assertThat(tracker.stats().lastError()).contains("steps.jsonl").contains("is missing");
        Files.move(folder.resolve("aside"), steps);
        task.record(tap());
        task.succeeded(null);
        tracker.flush(SOON);

        RecordedTask recorded = RecordedTask.of(outbox, task);
        assertThat(recorded.numbers()).containsExactly(1, 4);
        assertThat(recorded.losses()).extracting(Losses::droppedSteps).containsExactly(Map.of("outbox_unwritable", 2L));
        assertThat(recorded.ended().lastStepNumber()).isEqualTo(4);
    }

    @Test
    void aReplacedStepsFile_isAppendedTo() throws Exception {
        TrackedTask task = tracker.startTask("do it");
        task.record(tap());
        tracker.flush(SOON);
        Path steps = outbox.resolve(task.id() + "/steps.jsonl");
        Path saved = Files.copy(steps, folder.resolve("saved"));
        Files.move(saved, steps, StandardCopyOption.REPLACE_EXISTING);
        task.record(tap());
        task.succeeded(null);
        tracker.flush(SOON);

        List<String> lines = Files.readAllLines(steps);
        assertThat(lines).hasSize(5).contains("", atIndex(2));
        assertThat(lines.get(3)).contains("\"step_number\":2");
        assertThat(lines.get(4)).contains("task_ended");
    }

    @Test
    void anInterruptedWriterThread_continues() throws Exception {
        TrackedTask task = tracker.startTask("do it");
        tracker.flush(SOON);
        List<Thread> writers = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("steptrail-writer"))
                .toList();
        assertThat(writers).isNotEmpty();
        for (int step = 1; step <= 200; step++) {
            task.record(framed(Pngs.ofSize(1, 1)));
            writers.forEach(Thread::interrupt);
        }
        tracker.flush(SOON);
        task.record(tap());
        tracker.flush(SOON);

        assertThat(new String(Files.readAllBytes(outbox.resolve(task.id() + "/steps.jsonl")), StandardCharsets.UTF_8))
                .contains("\"step_number\":201,");
    }

    /** Replaces the folder by a file, because permissions do not restrict root. */
    private void breakOutbox() throws IOException {
        Files.move(outbox, folder.resolve("aside"));
        Files.createFile(outbox);
    }

    private void repairOutbox() throws IOException {
        Files.delete(outbox);
        Files.move(folder.resolve("aside"), outbox);
    }
}
