package dev.steptrail.localcloud.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.demophone.ManualClock;
import dev.steptrail.demophone.SimulatedPhone;
import dev.steptrail.localcloud.phone.PhoneActions;
import dev.steptrail.tracker.ActionResult;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Compares the committed run with the result of its actions on the simulated phone. */
@Tag("slow")
class DemoScriptTest {
    private static final int MAX_BYTES = 600_000;

    @Test
    void script_hasAboutTwelveStepsWithThinking_failsTwice_andFinishes() throws IOException {
        List<DemoScript.Step> steps = DemoScript.read().steps();

        assertThat(steps).hasSizeBetween(12, 14).allSatisfy(step -> assertThat(step.thinking())
                .isNotBlank());
        assertThat(steps).filteredOn(step -> step.error() != null).hasSize(2);
        assertThat(steps.get(steps.size() - 1).action())
                .containsEntry("_metadata", "finish")
                .containsKey("message");
    }

    @Test
    void script_playedOnTheSimulatedPhone_hasTheSameResultsAndScreens() throws IOException {
        Map<String, BufferedImage> drawn = new LinkedHashMap<>();
        play(DemoScript.read(), drawn);

        for (Map.Entry<String, BufferedImage> screen : drawn.entrySet()) {
            BufferedImage committed = DemoScript.image(screen.getKey());
            assertThat(committed.getWidth()).isEqualTo(screen.getValue().getWidth());
            assertThat(committed.getHeight()).isEqualTo(screen.getValue().getHeight());
            assertThat(meanDifference(committed, screen.getValue()))
                    .as("mean difference of a colour channel in %s.webp", screen.getKey())
                    .isLessThan(3);
        }
    }

    @Test
    void screens_takeLessThanSixHundredKilobytes() throws IOException, URISyntaxException {
        Path folder = Path.of(DemoScript.class.getResource("run.json").toURI()).getParent();
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> screens =
                    files.filter(file -> file.toString().endsWith(".webp")).toList();
            long bytes = 0;
            for (Path screen : screens) {
                bytes += Files.size(screen);
            }

            assertThat(screens).hasSize(10);
            assertThat(bytes).isLessThan(MAX_BYTES);
        }
    }

    /** Plays the actions, checks their results, and collects the screens by name. */
    static void play(DemoScript script, Map<String, BufferedImage> screens) {
        ManualClock clock = new ManualClock(LocalDateTime.parse("2026-05-14T09:41:00"));
        SimulatedPhone phone = new SimulatedPhone(clock);
        PhoneActions actions = new PhoneActions(phone, clock::advance);
        for (DemoScript.Step step : script.steps()) {
            screens.putIfAbsent(step.screen(), phone.image());
            ActionResult result = actions.execute(step.action());
            assertThat(result.success()).as("%s", step.action()).isEqualTo(step.error() == null);
            if (!result.success()) {
                assertThat(result.message()).isEqualTo(step.error());
            }
        }
    }

    private static double meanDifference(BufferedImage a, BufferedImage b) {
        int width = a.getWidth();
        int height = a.getHeight();
        int[] left = a.getRGB(0, 0, width, height, null, 0, width);
        int[] right = b.getRGB(0, 0, width, height, null, 0, width);
        long sum = 0;
        for (int i = 0; i < left.length; i++) {
            for (int shift = 0; shift <= 16; shift += 8) {
                sum += Math.abs((left[i] >> shift & 0xFF) - (right[i] >> shift & 0xFF));
            }
        }
        return sum / (3.0 * left.length);
    }
}
