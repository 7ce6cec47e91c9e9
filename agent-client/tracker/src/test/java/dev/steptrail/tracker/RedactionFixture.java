package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** Records a task with one step, usually with a redactor. */
abstract class RedactionFixture {
    @TempDir
    Path outbox;

    TrackerStats stats;

    RecordedTask recorded(StepTrackerBuilder builder, StepData.Builder step) throws Exception {
        TrackedTask task;
        try (StepTracker tracker = builder.build()) {
            task = tracker.startTask(TaskInfo.of("call 555")
                    .withMetadata(Map.of("note", "5"))
                    .inExperiment("nightly", "case-1", 3)
                    .withAttributes(Map.of("user", "555")));
            task.record(step.build());
            task.succeeded("called 555");
            assertThat(tracker.flush(Duration.ofSeconds(20))).isTrue();
            stats = tracker.stats();
        }
        return RecordedTask.of(outbox, task);
    }

    Path framesOf(RecordedTask recorded) {
        return outbox.resolve(recorded.started().taskId() + "/frames");
    }
}
