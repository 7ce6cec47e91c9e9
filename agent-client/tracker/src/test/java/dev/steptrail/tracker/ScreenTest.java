package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.tracker.screenshot.TestImages;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScreenTest {
    private static final BufferedImage IMAGE = TestImages.striped(BufferedImage.TYPE_INT_RGB);

    @TempDir
    Path outbox;

    @Test
    void screensInAllFormats_areWrittenAsPng() throws Exception {
        byte[] png = TestImages.encoded(IMAGE, "png");
        List<Screen> screens = List.of(
                new Screen(png, false),
                new Screen(TestImages.encoded(IMAGE, "jpg"), false),
                Screen.ofBase64(Base64.getEncoder().encodeToString(png), true),
                Screen.ofBase64("data:image/png;base64," + Base64.getEncoder().encodeToString(png), false),
                Screen.ofImage(IMAGE, true));
        StepData.Builder step = StepData.ofType("x");
        screens.forEach(screen -> step.frame(FrameRole.OTHER, screen));

        try (StepTracker tracker = StepTracker.builder(outbox).build()) {
            TrackedTask task = tracker.startTask("do it");
            task.record(step.build());
            tracker.flush(Duration.ofSeconds(20));

            List<Frame> frames = RecordedTask.of(outbox, task).steps().get(0).frames();
            assertThat(frames).extracting(Frame::sensitive).containsExactly(false, false, true, false, true);
            assertThat(frames).allSatisfy(frame -> {
                assertThat(List.of(frame.width(), frame.height())).containsExactly(300, 200);
                assertThat(Files.readAllBytes(
                                outbox.resolve(task.id().toString()).resolve(frame.file())))
                        .startsWith(0x89, 'P', 'N', 'G');
            });
            assertThat(outbox.resolve(task.id() + "/frames/1-other.png")).hasBinaryContent(png);
            assertThat(TestImages.pixels(TestImages.decoded(
                            Files.readAllBytes(outbox.resolve(task.id() + "/frames/1-other-5.png")))))
                    .isEqualTo(TestImages.pixels(IMAGE));
        }
    }

    @Test
    void emptyScreens_areCountedAsInvalidImages() throws Exception {
        try (StepTracker tracker = StepTracker.builder(outbox).build()) {
            TrackedTask task = tracker.startTask("do it");
            task.record(StepData.ofType("x")
                    .frame(null, new Screen(null, false))
                    .frame(null, Screen.ofBase64(null, false))
                    .frame(null, Screen.ofImage(null, false))
                    .frame(null, null)
                    .build());
            tracker.flush(Duration.ofSeconds(20));

            assertThat(RecordedTask.of(outbox, task).losses())
                    .extracting(Losses::droppedScreenshots)
                    .containsExactly(Map.of("not_an_image", 3L));
        }
    }

    @Test
    void aScreenOfPixels_countsTowardsTheQueuedBytes() throws Exception {
        StepData step = StepData.ofType("x")
                .frame(FrameRole.BEFORE, Screen.ofImage(IMAGE, false))
                .build();
        assertThat(step.bytes() - step.withoutScreenshots().bytes()).isEqualTo(300 * 200 * 4);

        try (StepTracker tracker =
                StepTracker.builder(outbox).maxQueuedBytes(300 * 200 * 4 - 1).build()) {
            TrackedTask task = tracker.startTask("do it");
            task.record(step);
            tracker.flush(Duration.ofSeconds(20));
            assertThat(tracker.stats().droppedScreenshots()).isEqualTo(Map.of("frame_queue_full", 1L));
        }
    }
}
