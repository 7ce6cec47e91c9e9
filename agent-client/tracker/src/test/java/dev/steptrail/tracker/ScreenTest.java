package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.tracker.screenshot.TestImages;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScreenTest extends RedactionFixture {
    private static final BufferedImage IMAGE = TestImages.striped(BufferedImage.TYPE_INT_RGB);

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

        RecordedTask recorded = recorded(StepTracker.builder(outbox), step);

        List<Frame> frames = recorded.steps().get(0).frames();
        assertThat(frames).extracting(Frame::sensitive).containsExactly(false, false, true, false, true);
        assertThat(frames).allSatisfy(frame -> {
            assertThat(List.of(frame.width(), frame.height())).containsExactly(300, 200);
            assertThat(Files.readAllBytes(framesOf(recorded).resolveSibling(frame.file())))
                    .startsWith(0x89, 'P', 'N', 'G');
        });
    }

    @Test
    void emptyScreens_areCountedAsInvalidImages() throws Exception {
        RecordedTask recorded = recorded(
                StepTracker.builder(outbox),
                StepData.ofType("x")
                        .frame(null, new Screen(null, false))
                        .frame(null, Screen.ofBase64(null, false))
                        .frame(null, Screen.ofImage(null, false))
                        .frame(null, null));

        assertThat(recorded.losses())
                .extracting(Losses::droppedScreenshots)
                .containsExactly(Map.of("not_an_image", 3L));
    }
}
