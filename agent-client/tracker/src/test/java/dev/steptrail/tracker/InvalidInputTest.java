package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.ExperimentCase;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepType;
import dev.steptrail.stepformat.TaskStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Invalid input of the agent is recorded as far as possible or counted, and never causes an exception. */
class InvalidInputTest extends TrackerFixture {
    private TrackedTask task;

    @BeforeEach
    void start() {
        task = tracker.startTask("do it");
    }

    @Test
    void aNullStep_isCountedAndLeavesAGap() throws Exception {
        assertThat(task.record(null)).isEqualTo(1);
        assertThat(recorded(StepData.ofType("x")).stepNumber()).isEqualTo(2);

        assertThat(tracker.stats().droppedSteps()).isEqualTo(Map.of("invalid", 1L));
        assertThat(RecordedTask.of(outbox, task).losses().get(0).droppedSteps()).isEqualTo(Map.of("invalid", 1L));
    }

    @Test
    void nullFieldsAndInvalidAmounts_areOmitted() throws Exception {
        Step step = recorded(StepData.ofType(null)
                .thinking(null)
                .action(null)
                .actionResult(null)
                .duration(null)
                .failed(null)
                .timing(null, Duration.ofMillis(1))
                .timing("model", null)
                .resource(null, 1)
                .frame(null, null, false)
                .frame(null, Pngs.ofSize(1, 1), false));

        assertThat(step.stepType()).isEqualTo(StepType.ACTION);
        assertThat(step.success()).isFalse();
        assertThat(step.timings()).isEqualTo(Map.of("null_ms", 1));
        assertThat(step.frames()).singleElement().satisfies(frame -> assertThat(frame.role())
                .isEqualTo(FrameRole.OTHER));

        step = recorded(StepData.ofType("x")
                .duration(Duration.ofMillis(-1))
                .timing("too_long", Duration.ofSeconds(Long.MAX_VALUE))
                .timing("negative", Duration.ofMillis(-1))
                .timing("model", Duration.ofMillis(7))
                .resource("cpu", Double.NaN)
                .resource("memory", Double.POSITIVE_INFINITY)
                .resource("battery", 0.5));

        assertThat(step.duration()).isNull();
        assertThat(step.timings()).isEqualTo(Map.of("model_ms", 7));
        assertThat(step.resources()).containsOnlyKeys("battery");
    }

    @Test
    void aTypeThatIsTooLong_isTruncatedBetweenCharacters() throws Exception {
        String phones = "📱".repeat(101);

        assertThat(recorded(StepData.ofType(phones)).stepType()).isEqualTo("📱".repeat(100));
    }

    @Test
    void aMapOrValueThatThrows_isReplacedByTheExceptionType() throws Exception {
        Map<String, Object> hostile = new AbstractMap<>() {
            @Override
            public Set<Entry<String, Object>> entrySet() {
                throw new IllegalStateException("not now");
            }
        };

        assertThat(recorded(StepData.action(hostile)).action())
                .isEqualTo(Map.of("x_unreadable", "java.lang.IllegalStateException"));
        assertThat(TaskInfo.of("x").withMetadata(hostile).metadata()).containsOnlyKeys("x_unreadable");

        Object unfinished = new Object() {
            @Override
            public String toString() {
                throw new AssertionError("not yet");
            }
        };

        assertThat(recorded(StepData.action(Map.of("x", unfinished))).action())
                .isEqualTo(Map.of("x_unreadable", "java.lang.AssertionError"));
    }

    @Test
    void anActionChangedLater_isRecordedUnchanged() throws Exception {
        Map<String, Object> action = new HashMap<>(Map.of("action", "Tap"));
        StepData.Builder step = StepData.action(action);
        action.put("action", "Swipe");

        assertThat(recorded(step).action()).isEqualTo(Map.of("action", "Tap"));
    }

    @Test
    void thinkingOf10Megabytes_isRecorded_andThatOf20IsTruncated() throws Exception {
        String thinking = "想".repeat(10_000_000 / 3);
        assertThat(recorded(StepData.ofType("thinking").thinking(thinking)).thinking())
                .isEqualTo(thinking);

        Step step = recorded(StepData.ofType("x").thinking("x".repeat(20_000_000)));

        assertThat(step.thinking()).isEqualTo("x".repeat(4_000));
        assertThat(step.unknown()).isEqualTo(Map.of("invalid_fields", List.of("thinking")));
    }

    @Test
    void aStepAfterTheEnd_isCounted() throws Exception {
        task.record(StepData.ofType("x").build());
        task.succeeded(null);
        task.failed("again");
        assertThat(task.record(StepData.ofType("x").build())).isZero();
        tracker.flush(SOON);

        assertThat(RecordedTask.of(outbox, task).numbers()).containsExactly(1);
        assertThat(RecordedTask.of(outbox, task).ended().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(tracker.stats().droppedSteps()).isEqualTo(Map.of("no_task", 1L));
    }

    @Test
    void aTaskOfAnotherWriter_isNotModified_andItsStepsAreCounted() throws Exception {
        tracker.flush(SOON);
        Path aside = Files.move(outbox, outbox.resolveSibling(outbox.getFileName() + "-aside"));
        Files.createFile(outbox);
        TrackedTask taken = tracker.startTask("mine");
        tracker.flush(SOON);
        Files.delete(outbox);
        Files.move(aside, outbox);
        Path theirs =
                Files.createDirectory(outbox.resolve(taken.id().toString())).resolve("steps.jsonl");
        Files.writeString(theirs, "theirs\n");
        taken.record(StepData.ofType("x").build());
        tracker.flush(SOON);

        assertThat(tracker.stats().droppedSteps()).isEqualTo(Map.of("outbox_unwritable", 1L));
        assertThat(tracker.stats().lastError())
                .contains("FileAlreadyExists")
                .contains(taken.id().toString());
        assertThat(theirs).hasContent("theirs\n");
    }

    @Test
    void aTaskWithoutProperties_isRecorded() throws Exception {
        TrackedTask unknown = tracker.startTask((TaskInfo) null);
        unknown.end(null, null, null);
        TrackedTask bare = tracker.startTask(new TaskInfo(null, null, null, null, null, null));
        tracker.flush(SOON);

        assertThat(RecordedTask.of(outbox, unknown).started().description()).isNull();
        assertThat(RecordedTask.of(outbox, unknown).ended().status()).isEqualTo(TaskStatus.FAILED);
        assertThat(RecordedTask.of(outbox, bare).started().metadata()).isEmpty();
    }

    @Test
    void anOverlongOutcome_isTruncated_andAnEmptyOneIsOmitted() throws Exception {
        TrackedTask overlong = tracker.startTask("a");
        overlong.end(TaskStatus.FAILED, null, null, "x".repeat(1000));
        TrackedTask empty = tracker.startTask("b");
        empty.end(TaskStatus.FAILED, null, null, "");
        tracker.flush(SOON);

        assertThat(RecordedTask.of(outbox, overlong).ended().unknown()).isEqualTo(Map.of("x_outcome", "x".repeat(100)));
        assertThat(RecordedTask.of(outbox, empty).ended().unknown()).isEmpty();
    }

    @Test
    void flush_withAnExtremeTimeout_waitsNoLongerThanNecessary() {
        assertThat(tracker.flush(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();
        assertThat(tracker.flush(Duration.ofSeconds(-1))).isIn(true, false);
        task.record(StepData.ofType("x").thinking("x".repeat(5_000_000)).build());
        assertThat(tracker.flush(null)).isFalse();
    }

    @Test
    void anInvalidPlaceInAnExperiment_isOmittedOrTruncated() throws Exception {
        TrackedTask overlong = tracker.startTask(TaskInfo.of("do it").inExperiment("e".repeat(300), "", -1));
        TrackedTask misnamed = tracker.startTask(TaskInfo.of("do it").inExperiment("100% v2", "c", 1));
        tracker.flush(SOON);

        assertThat(RecordedTask.of(outbox, overlong).started().experimentCase())
                .isEqualTo(new ExperimentCase("e".repeat(200), null, null, Map.of()));
        assertThat(RecordedTask.of(outbox, misnamed).started().experimentCase())
                .isEqualTo(new ExperimentCase(null, "c", 1, Map.of()));
    }

    @Test
    void anOversizedStartOrEnd_isShortened_andItsStepsAreRecorded() throws Exception {
        String oversized = "x".repeat(17_000_000);
        TrackedTask started = tracker.startTask(TaskInfo.of(oversized).withMetadata(Map.of("oversized", oversized)));
        tracker.flush(SOON); // until it is written, the start fills the queue
        started.record(StepData.ofType("x").build());
        started.succeeded(oversized);
        tracker.flush(SOON);

        RecordedTask recorded = RecordedTask.of(outbox, started);
        assertThat(recorded.started().description()).hasSize(4_000);
        assertThat(recorded.started().metadata()).isEmpty();
        assertThat(recorded.started().unknown())
                .isEqualTo(Map.of("invalid_fields", List.of("metadata", "description")));
        assertThat(recorded.numbers()).containsExactly(1);
        assertThat(recorded.ended().message()).hasSize(4_000);
        assertThat(tracker.stats().droppedSteps()).isEmpty();
        assertThat(tracker.stats().lostEnds()).isZero();
    }

    private Step recorded(StepData.Builder step) throws Exception {
        task.record(step.build());
        assertThat(tracker.flush(SOON)).isTrue();
        List<Step> steps = RecordedTask.of(outbox, task).steps();
        return steps.get(steps.size() - 1);
    }
}
