package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.Step;
import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.internal.outbox.OutboxTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An outbox that has reached its quota. */
class FullOutboxTest extends TrackerFixture {
    private static final int MIB = 1024 * 1024;

    /** A quarter of the space for screenshots. */
    private static final byte[] SCREENSHOT = Arrays.copyOf(Pngs.ofSize(3, 2), 7 * MIB / 32);

    @BeforeEach
    void limitOutbox() {
        tracker.close();
        tracker = StepTracker.builder(outbox).maxOutboxBytes(MIB).build();
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
    void filesOfAnotherWriter_takeSpaceUntilTheyAreShipped() throws Exception {
        Path other = Files.write(outbox.resolve("other"), new byte[MIB]);
        TrackedTask task = tracker.startTask("do it");
        task.record(framed(SCREENSHOT));
        tracker.flush(SOON);
        assertThat(tracker.stats().droppedSteps()).containsEntry("outbox_full", 1L);

        Files.delete(other);
        Thread.sleep(1_200); // a full outbox is measured every second
        task.record(framed(SCREENSHOT));
        task.record(framed(SCREENSHOT));
        task.record(framed(SCREENSHOT));
        task.record(framed(SCREENSHOT));
        tracker.flush(SOON);
        OutboxTask shipping = Outbox.open(outbox).task(task.id()).orElseThrow();
        for (Step step : RecordedTask.of(shipping).steps().subList(0, 2)) {
            shipping.removeFrame(step.frames().get(0).file());
        }
        Thread.sleep(1_200);
        task.record(framed(SCREENSHOT));
        tracker.flush(SOON);

        assertThat(RecordedTask.of(outbox, task).steps())
                .extracting(step -> step.stepNumber() + ":" + step.frames().size())
                .containsExactly("2:1", "3:1", "4:1", "5:0", "6:1");
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
