package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An outbox that has reached its quota. */
class FullOutboxTest extends TrackerFixture {
    private static final int MIB = 1024 * 1024;

    /** A quarter of the space for screenshots. */
    private static final byte[] SCREENSHOT = Arrays.copyOf(Pngs.ofSize(3, 2), 7 * MIB / 32);

    @BeforeEach
    void limitOutbox() {
        tracker.close();
        StepTrackerBuilder settings = StepTracker.builder(outbox).maxOutboxBytes(MIB);
        settings.quietPeriod = Duration.ofMillis(200);
        tracker = settings.build();
    }

    @Test
    void screenshotsAreDroppedFirst_thenSteps_andTheEndIsWritten() throws Exception {
        TrackedTask task = tracker.startTask("do it");
        for (int step = 1; step <= 200; step++) {
            task.record(StepData.ofType("x")
                    .thinking("x".repeat(2_000))
                    .frame(FrameRole.BEFORE, SCREENSHOT, false)
                    .build());
            tracker.flush(SOON);
        }
        task.succeeded(null);
        tracker.flush(SOON);

        RecordedTask recorded = RecordedTask.of(outbox, task);
        List<Step> steps = recorded.steps();
        assertThat(steps.stream().filter(step -> !step.frames().isEmpty())).hasSize(3);
        assertThat(steps.get(2).frames()).isNotEmpty();
        assertThat(steps.size()).isBetween(80, 180);
        assertThat(recorded.numbers()).endsWith(steps.size());
        Losses losses = recorded.losses().get(recorded.losses().size() - 1);
        assertThat(losses.droppedSteps())
                .containsOnlyKeys("outbox_full")
                .containsEntry("outbox_full", 200L - steps.size());
        // A screenshot may be counted before its step is dropped too.
        assertThat(losses.droppedScreenshots().get("outbox_full")).isBetween(steps.size() - 3L, steps.size() + 20L);
        assertThat(recorded.ended().lastStepNumber()).isEqualTo(200);
        assertThat(size(outbox)).isLessThan(MIB);
        assertThat(tracker.stats().lastError()).contains("maxOutboxBytes");
    }

    @Test
    @Timeout(30)
    void losses_areWrittenPeriodically_andCompletelyWhenIdle() throws Exception {
        TrackedTask task = tracker.startTask("do it");
        StepData step = StepData.ofType("x").thinking("x".repeat(60_000)).build();
        for (int number = 1; number <= 630; number++) {
            task.record(step);
        }
        tracker.flush(SOON);

        RecordedTask recorded = RecordedTask.of(outbox, task);
        while (lost(recorded) < 630 - recorded.steps().size()) {
            Thread.sleep(20);
            recorded = RecordedTask.of(outbox, task);
        }
        assertThat(lost(recorded) + recorded.steps().size()).isEqualTo(630);
        assertThat(recorded.losses()).hasSizeBetween(1, 10);
    }

    private static long lost(RecordedTask task) {
        List<Losses> losses = task.losses();
        return losses.isEmpty() ? 0 : losses.get(losses.size() - 1).totalDroppedSteps();
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
