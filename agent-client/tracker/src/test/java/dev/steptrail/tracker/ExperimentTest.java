package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.ExperimentCase;
import dev.steptrail.stepformat.TaskStarted;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The place of a task in an experiment is recorded with its start. */
class ExperimentTest extends TrackerFixture {
    private TaskStarted started(StepTracker tracker, TaskInfo info) throws Exception {
        TrackedTask task = tracker.startTask(info);
        tracker.flush(SOON);
        return RecordedTask.of(outbox, task).started();
    }

    @Test
    void experimentCaseAndAttributes_areRecorded() throws Exception {
        TaskStarted started = started(
                tracker,
                TaskInfo.of("do it")
                        .inExperiment("nightly", "case-1", 3)
                        .withAttributes(Map.of("app_version", "8.1"))
                        .withName("name"));

        assertThat(started.experimentCase())
                .isEqualTo(new ExperimentCase("nightly", "case-1", 3, Map.of("app_version", "8.1")));
        assertThat(started.name()).isEqualTo("name");
    }

    @Test
    void invalidValues_areOmittedOrTruncated() throws Exception {
        TaskStarted started = started(tracker, TaskInfo.of("do it").inExperiment("e".repeat(300), "", -1));

        assertThat(started.experimentCase()).isEqualTo(new ExperimentCase("e".repeat(200), null, null, Map.of()));
        assertThat(started(tracker, TaskInfo.of("do it").inExperiment("100% v2", "c", 1))
                        .experimentCase())
                .isEqualTo(new ExperimentCase(null, "c", 1, Map.of()));
    }

    @Test
    void attributesWhoseRedactorFails_areWithheld() throws Exception {
        try (StepTracker picky = StepTracker.builder(outbox)
                .redactTexts(text -> {
                    throw new IllegalStateException();
                })
                .build()) {
            TaskStarted started = started(
                    picky,
                    TaskInfo.of("do it").inExperiment("nightly", "case-1", 3).withAttributes(Map.of("user", "555")));

            assertThat(started.experimentCase()).isEqualTo(new ExperimentCase("nightly", "case-1", 3, Map.of()));
            assertThat(started.unknown()).isEqualTo(Map.of("withheld_fields", List.of("description", "attributes")));
        }
    }
}
