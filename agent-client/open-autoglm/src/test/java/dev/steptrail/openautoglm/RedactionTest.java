package dev.steptrail.openautoglm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.Region;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.TaskStarted;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Redacted content is not written, and neither is content on which a redactor fails. */
class RedactionTest extends PlaysScenarios {
    private static final int BLACK = 0xff000000;

    @Test
    void textRedactor_getsAllTexts_exceptNamesAndKeys() throws Exception {
        Scenario run = play("redacted_texts");

        assertThat(Scenario.lines(run.folder())).noneMatch(line -> line.contains("天气"));
        assertThat(run.only(TaskStarted.class).description()).isEqualTo("查一下今天的###");
        Step launch = run.steps().get(0);
        assertThat(launch.action()).containsEntry("action", "Launch").containsEntry("app", "###");
        assertThat(launch.actionResult())
                .containsEntry("success", false)
                .containsEntry("message", "App not found: ###");
        assertThat(launch.errorMessage()).isEqualTo("App not found: ###");
        assertThat(launch.unknown()).doesNotContainKey("withheld_fields");
    }

    @Test
    void raisingTextRedactor_omitsAndCountsField() throws Exception {
        Scenario run = play("failing_text_redactor");

        assertThat(run.only(TaskStarted.class).description()).isNull();
        assertThat(run.only(TaskStarted.class).unknown()).containsEntry("withheld_fields", List.of("description"));
        Step launch = run.steps().get(0);
        assertThat(launch.unknown())
                .containsEntry("withheld_fields", List.of("action", "action_result", "error_message"));
        assertThat(launch.action()).isNull();
        assertThat(run.steps().get(1).action()).containsEntry("action", "Tap");
        assertThat(run.steps().get(1).thinking()).as("redacted to None").isNull();
        assertThat(run.output().get("stats").get("withheld_texts").asInt()).isEqualTo(4);
        assertThat(run.output().get("logged")).as("logged once").hasSize(1);
        assertThat(run.output().get("logged").toString() + run.output().get("stats"))
                .contains("SystemExit")
                .doesNotContain("天气");
    }

    @Test
    void rectangles_areBlackedOutAndRecorded() throws Exception {
        Scenario run = play("redacted_regions");

        for (Step step : run.steps()) {
            Frame frame = step.frames().get(0);
            List<Region> regions = List.of(new Region(0, 0, 54, 10), new Region(50, 110, 4, 10));
            assertThat(frame.redactedRegions()).as("without the one outside").isEqualTo(regions);
            assertThat(List.of(frame.width(), frame.height())).containsExactly(54, 120);
            BufferedImage kept = kept(run, frame);
            assertThat(kept.getRGB(53, 9)).isEqualTo(BLACK);
            assertThat(kept.getRGB(53, 10)).isNotEqualTo(BLACK);
        }
    }

    @Test
    void screenshotRedactor_isAppliedToEachScreenshot_andFailureDropsIt() throws Exception {
        Scenario run = play("chosen_redaction");

        List<Step> steps = run.steps();
        assertThat(steps).extracting(step -> step.frames().size()).containsExactly(1, 1, 0, 0, 0, 1);
        assertThat(steps.get(0).frames().get(0).redactedRegions()).isEqualTo(List.of(new Region(10, 20, 30, 40)));
        assertThat(steps.get(1).frames().get(0).width())
                .as("width of the replacement")
                .isEqualTo(5);
        assertThat(steps.get(3).action()).as("unchanged by the redactor").containsEntry("element", List.of(499, 842));
        assertThat(steps.get(5).frames().get(0).redactedRegions()).isEmpty();
        List<Losses> losses = run.all(Losses.class);
        assertThat(losses.get(losses.size() - 1).droppedScreenshots())
                .isEqualTo(Map.of("withheld", 1L, "redaction_failed", 2L));
        try (var files = Files.list(run.folder().resolve("frames"))) {
            assertThat(files).hasSize(3);
        }
    }

    @Test
    void pngOfEachKind_isBlackedOutExactly_orDropped() throws Exception {
        Scenario run = play("pictures");

        JsonNode originals = run.output().get("pictures");
        List<Step> steps = run.steps();
        assertThat(steps).hasSize(11);
        for (Step step : steps.subList(0, 5)) {
            Frame frame = step.frames().get(0);
            assertThat(frame.redactedRegions()).containsExactly(new Region(3, 2, 5, 4), new Region(6, 9, 7, 3));
            BufferedImage original = ImageIO.read(new ByteArrayInputStream(
                    originals.get(step.stepNumber() - 1).binaryValue()));
            assertBlackedOut(original, kept(run, frame), frame.redactedRegions());
            assertThat(Files.readString(file(run, frame), StandardCharsets.ISO_8859_1))
                    .as("ancillary chunks")
                    .doesNotContain("a secret");
        }
        assertThat(steps.subList(5, 11)).allMatch(step -> step.frames().isEmpty());
        List<Losses> losses = run.all(Losses.class);
        assertThat(losses.get(losses.size() - 1).droppedScreenshots()).isEqualTo(Map.of("redaction_failed", 6L));
    }

    private static void assertBlackedOut(BufferedImage original, BufferedImage kept, List<Region> regions) {
        for (int y = 0; y < original.getHeight(); y++) {
            for (int x = 0; x < original.getWidth(); x++) {
                int expected = isIn(regions, x, y) ? BLACK : original.getRGB(x, y);
                assertThat(kept.getRGB(x, y)).as("pixel %d, %d", x, y).isEqualTo(expected);
            }
        }
    }

    private static boolean isIn(List<Region> regions, int x, int y) {
        return regions.stream()
                .anyMatch(region -> x >= region.x()
                        && y >= region.y()
                        && x < region.x() + region.width()
                        && y < region.y() + region.height());
    }

    private static BufferedImage kept(Scenario run, Frame frame) throws IOException {
        return ImageIO.read(file(run, frame).toFile());
    }

    private static Path file(Scenario run, Frame frame) throws IOException {
        return run.folder().resolve(frame.file());
    }
}
