package dev.steptrail.cli.records;

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

/** Which screenshot belongs to a step, and which screenshots are rejected. */
class RecordingScreenshotsTest extends AutoGlmImporterTestBase {
    @Test
    void oneFile_isUsedForEveryStep() throws Exception {
        Path file = Files.write(folder.resolve("screen.png"), Screens.drawn(1));

        assertThat(importer(screenshots("--screenshot", file))
                        .importFile(recording)
                        .screenshots())
                .isEqualTo(5);
    }

    @Test
    void screenMissingInRecordingFolder_isNamed_andNothingIsImported() throws Exception {
        assertRejected(new RecordingScreenshots(), "screenshots/step_001.png is not in " + recording.getParent());
        screen("step_001.png");
        assertRejected(new RecordingScreenshots(), 2, "screenshots/step_002.png is not in " + recording.getParent());
    }

    @Test
    void recordingWithoutScreens_isImportedWithoutThem() throws Exception {
        AutoGlmImporter.Imported imported =
                importer(screenshots("--no-screenshots")).importFile(recording);

        assertThat(imported)
                .isEqualTo(new AutoGlmImporter.Imported(
                        imported.file(), imported.taskId(), imported.startedAt(), 5, 0, List.of(), true));
        assertThat(steps(imported.taskId()))
                .allSatisfy(step -> assertThat(step.frames()).isEmpty());
    }

    @Test
    void stepWithoutScreenshotPath_hasNoScreen() throws Exception {
        for (String path : new String[] {null, "", " "}) {
            outbox = Outbox.open(folder.resolve("outbox of " + path));
            Files.write(recording, SampleRecordings.withEachStep(step -> step.put("screenshot_path", path)));

            for (RecordingScreenshots screenshots :
                    List.of(new RecordingScreenshots(), screenshots("--screenshots", folder))) {
                assertThat(importer(screenshots).importFile(recording).screenshots())
                        .isZero();
            }
        }
    }

    @Test
    void recordingGivenWithoutFolder_findsScreensInWorkingFolder() throws Exception {
        assertThatThrownBy(() -> new RecordingScreenshots().read(1, "screenshots/step_001.png", Path.of("run.json")))
                .hasMessageContaining(" is not in " + Path.of("").toAbsolutePath());
    }

    @Test
    void screensInFolder_areFoundByFileName() throws Exception {
        Files.write(
                recording,
                SampleRecordings.withStep(
                        step -> step.put("screenshot_path", "/home/somebody/run\\screenshots\\step_001.png")));
        Path screens = Screens.sample("weather-finished").resolveSibling("screenshots");

        assertThat(importer(screenshots("--screenshots", screens))
                        .importFile(recording)
                        .screenshots())
                .isEqualTo(5);
    }

    @Test
    void missingScreen_isNamed_andNothingIsImported() throws Exception {
        assertRejected(screenshots("--screenshots", folder), "screenshots/step_001.png is not in " + folder);
        Path none = folder.resolve("none.png");
        assertRejected(screenshots("--screenshot", none), none + " does not exist");
    }

    @Test
    void invalidScreen_isNamed_andNothingIsImported() throws Exception {
        screen("step_001.png");
        Path text = Files.writeString(recording.resolveSibling("screenshots/step_002.png"), "no image");
        assertRejected(new RecordingScreenshots(), 2, text + ": the screenshot is not a PNG");

        byte[] png = Screens.drawn(1);
        Files.write(text, Arrays.copyOf(png, png.length / 2));
        assertRejected(new RecordingScreenshots(), 2, text + ": the screenshot is damaged or truncated");
    }

    @Test
    void screenLargerThanWebpLimit_isReported() throws Exception {
        Path tall = folder.resolve("tall.png");
        ImageIO.write(new BufferedImage(20, 16_500, BufferedImage.TYPE_BYTE_GRAY), "png", tall.toFile());

        assertRejected(
                screenshots("--screenshot", tall),
                tall + ": the screenshot is too large: 20 by 16500 pixels; the maximum is 16383 for each side and"
                        + " 64000000 in total");
    }

    @Test
    void screenOutsideFolder_isNotRead() throws Exception {
        Path secret = Files.write(folder.resolve("secret.png"), Screens.drawn(1));
        for (String path : List.of("../secret.png", "screenshots/../../secret.png", secret.toString())) {
            Files.write(recording, SampleRecordings.withStep(step -> step.put("screenshot_path", path)));
            assertRejected(new RecordingScreenshots(), path + " is not in " + recording.getParent());
            assertRejected(
                    screenshots("--screenshots", recording.getParent()), path + " is not in " + recording.getParent());
        }
    }

    @Test
    void absolutePathWithinFolder_isRead() throws Exception {
        screen("step_001.png");
        Path absolute = recording.resolveSibling("screenshots/step_001.png");
        Files.write(recording, SampleRecordings.withEachStep(step -> step.put("screenshot_path", absolute.toString())));

        assertThat(importer(new RecordingScreenshots()).importFile(recording).screenshots())
                .isEqualTo(5);
    }

    @Test
    void linkOutOfFolder_isNotFollowed() throws Exception {
        Path secret = Files.write(folder.resolve("secret.png"), Screens.drawn(1));
        Path link = Files.createSymbolicLink(recording.resolveSibling("screenshots/step_001.png"), secret);

        assertRejected(new RecordingScreenshots(), link + " is a link to a file outside of " + recording.getParent());
    }

    @Test
    void invalidPath_isReported() throws Exception {
        assertScreenRejected("\0", "\0 is not a valid file name on this system");
        assertScreenRejected("/", "/ is not a file");
    }

    private void assertScreenRejected(String path, String problem) throws IOException {
        Files.write(recording, SampleRecordings.withStep(step -> step.put("screenshot_path", path)));
        assertRejected(new RecordingScreenshots(), problem);
    }
}
