package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StepTrackerTest extends TrackerFixture {
    @Test
    void aTask_isRecordedFromStartToEnd() throws Exception {
        UUID before = UUID.randomUUID();
        TrackedTask task = tracker.startTask(
                TaskInfo.of("do it").withName("name").continuing(before).withMetadata(Map.of("lab", "north")));
        int first = task.record(tap());
        int second = task.record(StepData.error("it broke").build());
        task.end(TaskStatus.FAILED, EndReason.MODEL_ERROR, "no model");

        assertThat(tracker.flush(SOON)).isTrue();

        RecordedTask recorded = RecordedTask.of(outbox, task);
        TaskStarted started = recorded.started();
        assertThat(started.taskId()).isEqualTo(task.id());
        assertThat(started.description()).isEqualTo("do it");
        assertThat(started.name()).isEqualTo("name");
        assertThat(started.previousTaskId()).isEqualTo(before);
        assertThat(started.metadata()).isEqualTo(Map.of("lab", "north"));
        assertThat(List.of(started.agent(), started.model(), started.deviceId()))
                .containsExactly("agent", "model", "device");
        assertThat(List.of(first, second)).containsExactly(1, 2);
        assertThat(recorded.numbers()).containsExactly(1, 2);
        assertThat(recorded.steps().get(1).errorMessage()).isEqualTo("it broke");
        TaskEnded ended = recorded.ended();
        assertThat(ended.status()).isEqualTo(TaskStatus.FAILED);
        assertThat(ended.endReason()).isEqualTo(EndReason.MODEL_ERROR);
        assertThat(ended.message()).isEqualTo("no model");
        assertThat(ended.lastStepNumber()).isEqualTo(2);
        assertThat(tracker.stats().written()).isEqualTo(2);
        assertThat(tracker.stats().droppedSteps()).isEmpty();
    }

    @Test
    void tasksOpenAtTheSameTime_areEachRecordedCompletely() throws Exception {
        List<TrackedTask> tasks = new ArrayList<>();
        for (int phone = 0; phone < 5; phone++) {
            tasks.add(tracker.startTask(TaskInfo.of("do it").onDevice("phone-" + phone)));
        }
        for (int step = 1; step <= 3; step++) {
            for (TrackedTask task : tasks) {
                assertThat(task.record(tap())).isEqualTo(step);
            }
        }
        tasks.get(1).failed("no network");
        assertThat(tasks.get(0).record(tap())).isEqualTo(4);
        tasks.get(0).succeeded("done");
        tracker.close();

        assertThat(RecordedTask.of(outbox, tasks.get(0)).numbers()).containsExactly(1, 2, 3, 4);
        assertThat(RecordedTask.of(outbox, tasks.get(0)).ended().message()).isEqualTo("done");
        assertThat(RecordedTask.of(outbox, tasks.get(1)).ended().status()).isEqualTo(TaskStatus.FAILED);
        for (int phone = 0; phone < 5; phone++) {
            RecordedTask recorded = RecordedTask.of(outbox, tasks.get(phone));
            assertThat(recorded.started().deviceId()).isEqualTo("phone-" + phone);
            assertThat(recorded.numbers()).startsWith(1, 2, 3);
        }
        assertThat(RecordedTask.of(outbox, tasks.get(4)).ended().status()).isEqualTo(TaskStatus.CANCELLED);
        assertThat(RecordedTask.of(outbox, tasks.get(4)).ended().message()).isEqualTo("the tracker was closed");
    }

    @Test
    void aTaskClosedWithoutAResult_hasFailed() throws Exception {
        TrackedTask left = tracker.startTask("do it");
        try (left) {
            left.record(tap());
        }
        TrackedTask done = tracker.startTask("do it");
        try (done) {
            done.succeeded("done");
        }
        tracker.flush(SOON);

        TaskEnded ended = RecordedTask.of(outbox, left).ended();
        assertThat(ended.status()).isEqualTo(TaskStatus.FAILED);
        assertThat(ended.endReason()).isEqualTo(EndReason.ENDED_WITHOUT_FINISH);
        assertThat(ended.message()).isEqualTo("closed without a result");
        assertThat(ended.lastStepNumber()).isEqualTo(1);
        assertThat(RecordedTask.of(outbox, done).ended().status()).isEqualTo(TaskStatus.SUCCEEDED);
    }

    @Test
    void aStep_hasItsBuildTime_butNotBeforeTheStartOfItsTask() throws Exception {
        StepData early = tap();
        Thread.sleep(2);
        TrackedTask task = tracker.startTask("do it");
        StepData ready = tap();
        Thread.sleep(2);
        Instant after = Instant.now();
        task.record(early);
        task.record(ready);
        tracker.flush(SOON);

        RecordedTask recorded = RecordedTask.of(outbox, task);
        Instant started = recorded.started().timestamp();
        assertThat(recorded.steps().get(0).timestamp()).isEqualTo(started);
        assertThat(recorded.steps().get(1).timestamp()).isBetween(started, after.minusMillis(1));
    }

    @Test
    void stats_containWhatWasWritten() throws Exception {
        TrackedTask task = tracker.startTask("do it");
        byte[] png = Pngs.ofSize(3, 2);
        task.record(framed(png));
        tracker.flush(SOON);

        TrackerStats stats = tracker.stats();
        long lines = Files.size(outbox.resolve(task.id() + "/steps.jsonl"));
        assertThat(stats)
                .isEqualTo(new TrackerStats(
                        0, 0, 1, lines + png.length, Map.of(), Map.of(), 0, 0, 0, 0, null, null, null, null));
    }

    @Test
    void anInvalidImage_isCounted_andItsStepIsRecorded() throws Exception {
        TrackedTask task = tracker.startTask("do it");
        task.record(framed("not an image".getBytes(StandardCharsets.UTF_8)));
        task.record(framed(Pngs.ofSize(3, 2)));
        tracker.flush(SOON);

        RecordedTask recorded = RecordedTask.of(outbox, task);
        assertThat(recorded.steps().get(0).frames()).isEmpty();
        assertThat(recorded.steps().get(1).frames()).singleElement().satisfies(frame -> assertThat(
                        List.of(frame.file(), frame.width(), frame.height(), frame.sensitive()))
                .containsExactly("frames/2-before.png", 3, 2, true));
        assertThat(outbox.resolve(task.id() + "/frames/2-before.png")).hasBinaryContent(Pngs.ofSize(3, 2));
        assertThat(recorded.losses()).singleElement().satisfies(losses -> assertThat(losses.droppedScreenshots())
                .isEqualTo(Map.of("not_an_image", 1L)));
        assertThat(tracker.stats().droppedScreenshots()).isEqualTo(Map.of("not_an_image", 1L));
    }
}
