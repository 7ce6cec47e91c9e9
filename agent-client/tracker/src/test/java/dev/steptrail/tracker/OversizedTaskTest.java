package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import dev.steptrail.stepformat.RecordShortener;
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
        assertThat(recorded.started().description()).hasSize(RecordShortener.MAX_TEXT);
        assertThat(recorded.started().metadata()).isEmpty();
        assertThat(recorded.started().unknown().get(RecordShortener.SHORTENED_FIELDS))
                .asInstanceOf(MAP)
                .containsOnlyKeys("description", "metadata");
        assertThat(recorded.numbers()).containsExactly(1);
        assertThat(tracker.stats().droppedSteps()).isEmpty();
    }

    @Test
    void anOversizedEnd_isShortened() throws Exception {
        TrackedTask task = tracker.startTask("do it");
        task.succeeded(OVERSIZED);
        tracker.flush(SOON);

        assertThat(RecordedTask.of(outbox, task).ended().message()).hasSize(RecordShortener.MAX_TEXT);
        assertThat(tracker.stats().lostEnds()).isZero();
    }
}
