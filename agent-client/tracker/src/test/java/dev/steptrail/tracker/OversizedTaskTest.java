package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Starts and ends above the maximum record size are shortened instead of dropped. */
class OversizedTaskTest extends TrackerFixture {
    private static final String OVERSIZED = "x".repeat(17_000_000);

    @Test
    void anOversizedStart_isShortened_andItsStepsAreRecorded() throws Exception {
        TrackedTask task = tracker.startTask(TaskInfo.of(OVERSIZED).withMetadata(Map.of("oversized", OVERSIZED)));
        tracker.flush(SOON); // until it is written, the start fills the queue
        task.record(tap());
        tracker.flush(SOON);

        RecordedTask recorded = RecordedTask.of(outbox, task);
        assertThat(recorded.started().description()).hasSize(4_000);
        assertThat(recorded.started().metadata()).isEmpty();
        assertThat(recorded.started().unknown())
                .isEqualTo(Map.of("invalid_fields", List.of("metadata", "description")));
        assertThat(recorded.numbers()).containsExactly(1);
        assertThat(tracker.stats().droppedSteps()).isEmpty();
    }

    @Test
    void anOversizedEnd_isShortened() throws Exception {
        TrackedTask task = tracker.startTask("do it");
        task.succeeded(OVERSIZED);
        tracker.flush(SOON);

        assertThat(RecordedTask.of(outbox, task).ended().message()).hasSize(4_000);
        assertThat(tracker.stats().lostEnds()).isZero();
    }
}
