package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import dev.steptrail.stepformat.ShortenedRecord;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Starts and ends that are longer than any reader takes, without which there would be no task. */
class OversizedTaskTest extends TrackerFixture {
    private static final String VAST = "x".repeat(17_000_000);

    @Test
    void anOversizedStart_isShortened_andItsStepsAreRecorded() throws Exception {
        TrackedTask task = tracker.startTask(TaskInfo.of(VAST).withMetadata(Map.of("vast", VAST)));
        tracker.flush(SOON); // until then it takes all the bytes that may be queued
        task.record(tap());
        tracker.flush(SOON);

        RecordedTask recorded = RecordedTask.of(outbox, task);
        assertThat(recorded.started().description()).hasSize(ShortenedRecord.MAX_TEXT);
        assertThat(recorded.started().metadata()).isEmpty();
        assertThat(recorded.started().unknown().get(ShortenedRecord.MARK))
                .asInstanceOf(MAP)
                .containsOnlyKeys("description", "metadata");
        assertThat(recorded.numbers()).containsExactly(1);
        assertThat(tracker.stats().droppedSteps()).isEmpty();
    }

    @Test
    void anOversizedEnd_isShortened() throws Exception {
        TrackedTask task = tracker.startTask("do it");
        task.succeeded(VAST);
        tracker.flush(SOON);

        assertThat(RecordedTask.of(outbox, task).ended().message()).hasSize(ShortenedRecord.MAX_TEXT);
        assertThat(tracker.stats().lostEnds()).isZero();
    }
}
