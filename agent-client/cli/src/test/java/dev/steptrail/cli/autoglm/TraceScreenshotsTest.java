package dev.steptrail.cli.autoglm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.shipper.fixture.Screens;
import dev.steptrail.tracker.internal.outbox.Outbox;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Which picture belongs to a step, and which pictures are rejected. */
class TraceScreenshotsTest extends TraceImporterTestBase {
    @Test
    void oneFile_isUsedForEveryStep() throws Exception {
        Path file = Files.write(folder.resolve("screen.png"), Screens.drawn(1));

        assertThat(importer(TraceScreenshots.ofFile(file)).importFile(trace).screenshots())
                .isEqualTo(5);
    }

    @Test
    void screenMissingBesideTrace_isNamed_andNothingIsImported() throws Exception {
        assertRejected(TraceScreenshots.besideTheTrace(), "screenshots/step_001.png is not in " + trace.getParent());
        screen("step_001.png");
        assertRejected(TraceScreenshots.besideTheTrace(), 2, "screenshots/step_002.png is not in " + trace.getParent());
    }

    @Test
    void traceWithoutScreens_isImportedWithoutThem() throws Exception {
        TraceImporter.Imported imported = importer(TraceScreenshots.none()).importFile(trace);

        assertThat(imported)
                .isEqualTo(new TraceImporter.Imported(
                        imported.file(), imported.taskId(), imported.startedAt(), 5, 0, true));
        assertThat(steps(imported.taskId()))
                .allSatisfy(step -> assertThat(step.frames()).isEmpty());
    }

    @Test
    void stepWithoutScreenshotPath_hasNoScreen() throws Exception {
        for (String path : new String[] {null, "", " "}) {
            outbox = Outbox.open(folder.resolve("outbox of " + path));
            Files.write(trace, Traces.withEachStep(step -> step.put("screenshot_path", path)));

            for (TraceScreenshots screenshots :
                    List.of(TraceScreenshots.besideTheTrace(), TraceScreenshots.in(folder))) {
                assertThat(importer(screenshots).importFile(trace).screenshots())
                        .isZero();
            }
        }
    }

    @Test
    void traceGivenWithoutFolder_findsScreensInWorkingFolder() throws Exception {
        assertThatThrownBy(
                        () -> TraceScreenshots.besideTheTrace().of(1, "screenshots/step_001.png", Path.of("run.json")))
                .hasMessageContaining(" is not in " + Path.of("").toAbsolutePath());
    }

    @Test
    void screensInFolder_areFoundByFileName() throws Exception {
        Files.write(
                trace,
                Traces.withStep(step -> step.put("screenshot_path", "/home/somebody/run\\screenshots\\step_001.png")));
        Path screens = Screens.sample("weather-finished").resolveSibling("screenshots");

        assertThat(importer(TraceScreenshots.in(screens)).importFile(trace).screenshots())
                .isEqualTo(5);
    }

    @Test
    void missingScreen_isNamed_andNothingIsImported() throws Exception {
        assertRejected(TraceScreenshots.in(folder), "screenshots/step_001.png is not in " + folder);
        Path none = folder.resolve("none.png");
        assertRejected(TraceScreenshots.ofFile(none), none + " does not exist");
    }

    @Test
    void invalidScreen_isNamed_andNothingIsImported() throws Exception {
        screen("step_001.png");
        Path text = Files.writeString(trace.resolveSibling("screenshots/step_002.png"), "no image");
        assertRejected(TraceScreenshots.besideTheTrace(), 2, text + ": the screenshot is not a PNG");

        byte[] png = Screens.drawn(1);
        Files.write(text, Arrays.copyOf(png, png.length / 2));
        assertRejected(TraceScreenshots.besideTheTrace(), 2, text + ": the screenshot is damaged or truncated");
    }

    @Test
    void screenLargerThanWebpLimit_isReported() throws Exception {
        Path tall = folder.resolve("tall.png");
        ImageIO.write(new BufferedImage(20, 16_500, BufferedImage.TYPE_BYTE_GRAY), "png", tall.toFile());

        assertRejected(
                TraceScreenshots.ofFile(tall),
                tall + ": the screenshot is too large: 20 by 16500 pixels; the maximum is 16383 for each side and"
                        + " 64000000 in total");
    }

    @Test
    void screenOutsideFolder_isNotRead() throws Exception {
        Path secret = Files.write(folder.resolve("secret.png"), Screens.drawn(1));
        for (String path : List.of("../secret.png", "screenshots/../../secret.png", secret.toString())) {
            Files.write(trace, Traces.withStep(step -> step.put("screenshot_path", path)));
            assertRejected(TraceScreenshots.besideTheTrace(), path + " is not in " + trace.getParent());
            assertRejected(TraceScreenshots.in(trace.getParent()), path + " is not in " + trace.getParent());
        }
    }

    @Test
    void absolutePathWithinFolder_isRead() throws Exception {
        screen("step_001.png");
        Path absolute = trace.resolveSibling("screenshots/step_001.png");
        Files.write(trace, Traces.withEachStep(step -> step.put("screenshot_path", absolute.toString())));

        assertThat(importer(TraceScreenshots.besideTheTrace()).importFile(trace).screenshots())
                .isEqualTo(5);
    }

    @Test
    void linkOutOfFolder_isNotFollowed() throws Exception {
        Path secret = Files.write(folder.resolve("secret.png"), Screens.drawn(1));
        Path link = Files.createSymbolicLink(trace.resolveSibling("screenshots/step_001.png"), secret);

        assertRejected(
                TraceScreenshots.besideTheTrace(), link + " is a link to a file outside of " + trace.getParent());
    }

    @Test
    void invalidPath_isReported() throws Exception {
        assertScreenRejected("\0", "\0 is not a valid file name on this system");
        assertScreenRejected("/", "/ is not a file");
    }

    private void assertScreenRejected(String path, String problem) throws IOException {
        Files.write(trace, Traces.withStep(step -> step.put("screenshot_path", path)));
        assertRejected(TraceScreenshots.besideTheTrace(), problem);
    }
}
