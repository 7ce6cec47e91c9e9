package dev.steptrail.localcloud.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.demophone.ManualClock;
import dev.steptrail.demophone.SimulatedPhone;
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
import org.jspecify.annotations.Nullable;
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
        SimulatedPhone phone = new SimulatedPhone(new ManualClock(LocalDateTime.parse("2026-05-14T09:41:00")));
        for (DemoScript.Step step : script.steps()) {
            screens.putIfAbsent(step.screen(), phone.image());
            assertThat(execute(step.action(), phone)).as("%s", step.action()).isEqualTo(step.error());
        }
    }

    /** Executes an action in Open-AutoGLM's form on the phone. Returns the error if it fails. */
    private static @Nullable String execute(Map<String, Object> action, SimulatedPhone phone) {
        if (action.get("_metadata").equals("finish")) {
            return null;
        }
        switch ((String) action.get("action")) {
            case "Launch" -> {
                return phone.launch((String) action.get("app")) ? null : "App not found: " + action.get("app");
            }
            case "Type" -> {
                return phone.type((String) action.get("text"))
                        ? null
                        : "No text field has the focus: tap one before typing";
            }
            case "Tap" -> phone.tap(coordinate(action, "element", 0), coordinate(action, "element", 1));
            case "Swipe" ->
                phone.swipe(
                        coordinate(action, "start", 0),
                        coordinate(action, "start", 1),
                        coordinate(action, "end", 0),
                        coordinate(action, "end", 1));
            case "Home" -> phone.home();
            default -> throw new IllegalArgumentException("Unknown action: " + action);
        }
        return null;
    }

    private static int coordinate(Map<String, Object> action, String field, int index) {
        return (Integer) ((List<?>) action.get(field)).get(index);
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
