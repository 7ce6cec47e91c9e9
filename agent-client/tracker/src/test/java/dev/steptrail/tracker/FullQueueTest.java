package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Losses;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Losses of a full queue. */
class FullQueueTest extends TrackerFixture {
    @Test
    void aFullQueue_dropsAndCountsSteps_andLeavesGaps() throws Exception {
        tracker.close();
        tracker = StepTracker.builder(outbox).maxQueuedSteps(1).build();
        TrackedTask task = tracker.startTask("do it");
        task.record(StepData.ofType("thinking")
                .thinking("x".repeat(5_000_000)) // keeps the writer thread busy
                .build());
        IntStream.range(0, 5_000).forEach(i -> task.record(tap()));
        task.succeeded(null);
        tracker.flush(SOON);

        long dropped = tracker.stats().droppedSteps().get("queue_full");
        RecordedTask recorded = RecordedTask.of(outbox, task);
        assertThat(dropped).isPositive();
        assertThat(recorded.steps()).hasSize((int) (5_001 - dropped));
        assertThat(recorded.ended().lastStepNumber()).isEqualTo(5_001);
        List<Long> totals =
                recorded.losses().stream().map(Losses::totalDroppedSteps).toList();
        assertThat(totals).isSorted().doesNotHaveDuplicates().endsWith(dropped);
    }

    @Test
    void screenshotsAboveTheQueueLimit_areDroppedWithoutTheirSteps() throws Exception {
        tracker.close();
        tracker = StepTracker.builder(outbox).maxQueuedBytes(2_000).build();
        TrackedTask task = tracker.startTask("do it");
        task.record(StepData.action(Map.of("action", "Tap"))
                .thinking("kept")
                .frame(FrameRole.BEFORE, new byte[1_501], true)
                .frame(FrameRole.AFTER, new byte[500], true)
                .build());
        task.record(framed(Pngs.ofSize(3, 2)));
        task.succeeded(null);
        tracker.flush(SOON);

        RecordedTask recorded = RecordedTask.of(outbox, task);
        assertThat(recorded.numbers()).containsExactly(1, 2);
        assertThat(recorded.steps().get(0).thinking()).isEqualTo("kept");
        assertThat(recorded.steps().get(0).frames()).isEmpty();
        assertThat(recorded.steps().get(1).frames()).hasSize(1);
        assertThat(recorded.losses()).singleElement().satisfies(losses -> {
            assertThat(losses.droppedSteps()).isEmpty();
            assertThat(losses.droppedScreenshots()).isEqualTo(Map.of("frame_queue_full", 2L));
        });
        assertThat(tracker.stats().droppedSteps()).isEmpty();
        assertThat(tracker.stats().droppedScreenshots()).isEqualTo(Map.of("frame_queue_full", 2L));
    }
}
