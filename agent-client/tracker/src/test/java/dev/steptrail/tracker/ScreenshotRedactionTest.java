package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Region;
import dev.steptrail.tracker.screenshot.Redaction;
import dev.steptrail.tracker.screenshot.TestImages;
import java.awt.Color;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Redacted regions of screenshots are not written to the outbox. */
class ScreenshotRedactionTest extends RedactionFixture {
    private static final int BLACK = Color.BLACK.getRGB();
    private static final Rectangle REGION = new Rectangle(10, 20, 30, 40);

    @Test
    void aNullRegion_redactsTheWholeScreenshot() throws Exception {
        Screen screen = Screen.ofImage(TestImages.striped(BufferedImage.TYPE_INT_RGB), false);

        RecordedTask recorded = recorded(
                StepTracker.builder(outbox),
                StepData.ofType("x")
                        .frame(FrameRole.BEFORE, screen.redact((Rectangle) null))
                        .frame(FrameRole.AFTER, screen.redact((Rectangle[]) null)));

        assertThat(recorded.steps().get(0).frames()).hasSize(2).allSatisfy(frame -> {
            assertThat(frame.redactedRegions()).containsExactly(new Region(0, 0, 300, 200));
            assertThat(TestImages.pixels(written(recorded, frame))).containsOnly(BLACK);
        });
    }

    @Test
    void regionsOfTheAgentAndOfTheRedactor_areRedacted_onTheWriterThread() throws Exception {
        List<StepContext> seen = new ArrayList<>();
        List<String> threads = new ArrayList<>();

        RecordedTask recorded = recorded(
                StepTracker.builder(outbox).redactScreenshots((screenshot, step) -> {
                    seen.add(step);
                    threads.add(Thread.currentThread().getName());
                    return List.of(
                            Redaction.blur(new Rectangle(screenshot.image().getWidth() - 48, 0, 48, 48)));
                }),
                StepData.action(Map.of("app", "Bank"))
                        .thinking("I pay")
                        .frame(
                                FrameRole.AFTER,
                                Screen.ofImage(TestImages.striped(BufferedImage.TYPE_INT_RGB), true)
                                        .redact(REGION)));

        UUID task = recorded.started().taskId();
        assertThat(seen)
                .containsExactly(
                        new StepContext(task, 1, "action", FrameRole.AFTER, true, "I pay", Map.of("app", "Bank")));
        assertThat(threads).containsExactly("steptrail-writer");
        Frame frame = recorded.steps().get(0).frames().get(0);
        assertThat(frame.sensitive()).isTrue();
        assertThat(frame.redactedRegions()).containsExactly(new Region(10, 20, 30, 40), new Region(252, 0, 48, 48));
        BufferedImage written = written(recorded, frame);
        assertThat(TestImages.pixels(written, 10, 20, 30, 40)).containsOnly(BLACK);
        assertThat(TestImages.pixels(written, 252, 0, 48, 48)).containsOnly(new Color(127, 100, 127).getRGB());
    }

    private BufferedImage written(RecordedTask recorded, Frame frame) throws Exception {
        return TestImages.decoded(Files.readAllBytes(
                outbox.resolve(recorded.started().taskId().toString()).resolve(frame.file())));
    }
}
