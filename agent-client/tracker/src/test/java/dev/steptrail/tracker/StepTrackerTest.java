package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StepTrackerTest extends TrackerFixture {
    @Test
    void aTask_isRecordedFromItsStartToItsEnd() throws Exception {
        UUID before = UUID.randomUUID();
        UUID task = tracker.taskStarted(
                TaskInfo.of("do it").withName("name").continuing(before).withMetadata(Map.of("lab", "north")));
        int first = tracker.record(tap());
        int second = tracker.record(StepData.error("it broke").build());
        tracker.taskEnded(TaskStatus.FAILED, Ending.MODEL_ERROR, "no model");

        assertThat(tracker.flush(SOON)).isTrue();

        Recorded recorded = Recorded.of(outbox, task);
        TaskStarted started = recorded.started();
        assertThat(started.taskId()).isEqualTo(task);
        assertThat(started.description()).isEqualTo("do it");
        assertThat(started.name()).isEqualTo("name");
        assertThat(started.continues()).isEqualTo(before);
        assertThat(started.metadata()).isEqualTo(Map.of("lab", "north"));
        assertThat(List.of(started.agent(), started.model(), started.deviceId()))
                .containsExactly("agent", "model", "device");
        assertThat(List.of(first, second)).containsExactly(1, 2);
        assertThat(recorded.numbers()).containsExactly(1, 2);
        assertThat(recorded.steps().get(1).errorMessage()).isEqualTo("it broke");
        TaskEnded ended = recorded.ended();
        assertThat(ended.status()).isEqualTo(TaskStatus.FAILED);
        assertThat(ended.ending()).isEqualTo(Ending.MODEL_ERROR);
        assertThat(ended.message()).isEqualTo("no model");
        assertThat(ended.lastStepNumber()).isEqualTo(2);
        assertThat(tracker.stats().written()).isEqualTo(2);
        assertThat(tracker.stats().droppedSteps()).isEmpty();
    }

    @Test
    void taskStarted_whileAnotherIsOpen_endsThatAsCancelled() throws Exception {
        UUID first = tracker.taskStarted(TaskInfo.of("one"));
        tracker.record(tap());
        UUID second = tracker.taskStarted(TaskInfo.of("two"));
        int number = tracker.record(tap());
        tracker.flush(SOON);

        assertThat(number).isEqualTo(1);
        assertThat(Recorded.of(outbox, first).ended().status()).isEqualTo(TaskStatus.CANCELLED);
        assertThat(Recorded.of(outbox, first).ended().message()).isEqualTo("another task was started");
        assertThat(Recorded.of(outbox, second).numbers()).containsExactly(1);
    }

    @Test
    void record_outsideATask_isCountedAsDropped() throws Exception {
        assertThat(tracker.record(tap())).isZero();
        UUID task = tracker.taskStarted(TaskInfo.of("do it"));
        tracker.taskEnded(TaskStatus.SUCCEEDED, null);
        assertThat(tracker.record(tap())).isZero();
        tracker.flush(SOON);

        assertThat(tracker.stats().droppedSteps()).isEqualTo(Map.of("no_task", 2L));
        assertThat(Recorded.of(outbox, task).numbers()).isEmpty();
    }

    @Test
    void aStep_hasTheTimeAtWhichItWasTold_butNoneBeforeItsTask() throws Exception {
        StepData early = tap();
        Thread.sleep(2);
        UUID task = tracker.taskStarted(TaskInfo.of("do it"));
        StepData ready = tap();
        Thread.sleep(2);
        Instant after = Instant.now();
        tracker.record(early);
        tracker.record(ready);
        tracker.flush(SOON);

        Recorded recorded = Recorded.of(outbox, task);
        Instant started = recorded.started().timestamp();
        assertThat(recorded.steps().get(0).timestamp()).isEqualTo(started);
        assertThat(recorded.steps().get(1).timestamp()).isBetween(started, after.minusMillis(1));
    }

    @Test
    void stats_tellWhatWasWritten() throws Exception {
        UUID task = tracker.taskStarted(TaskInfo.of("do it"));
        byte[] png = Pngs.ofSize(3, 2);
        tracker.record(framed(png));
        tracker.flush(SOON);

        TrackerStats stats = tracker.stats();
        long lines = Files.size(outbox.resolve(task + "/steps.jsonl"));
        assertThat(stats)
                .isEqualTo(new TrackerStats(
                        0, 0, 1, lines + png.length, Map.of(), Map.of(), 0, 0, 0, null, null, null, null));
    }

    @Test
    void aPictureThatIsNone_isCountedAndItsStepKept() throws Exception {
        UUID task = tracker.taskStarted(TaskInfo.of("do it"));
        tracker.record(framed("no picture".getBytes(StandardCharsets.UTF_8)));
        tracker.record(framed(Pngs.ofSize(3, 2)));
        tracker.flush(SOON);

        Recorded recorded = Recorded.of(outbox, task);
        assertThat(recorded.steps().get(0).frames()).isEmpty();
        assertThat(recorded.steps().get(1).frames()).singleElement().satisfies(frame -> assertThat(
                        List.of(frame.file(), frame.width(), frame.height(), frame.sensitive()))
                .containsExactly("frames/2-before.png", 3, 2, true));
        assertThat(outbox.resolve(task + "/frames/2-before.png")).hasBinaryContent(Pngs.ofSize(3, 2));
        assertThat(recorded.losses()).singleElement().satisfies(losses -> assertThat(losses.droppedScreenshots())
                .isEqualTo(Map.of("not_an_image", 1L)));
        assertThat(tracker.stats().droppedScreenshots()).isEqualTo(Map.of("not_an_image", 1L));
    }
}
