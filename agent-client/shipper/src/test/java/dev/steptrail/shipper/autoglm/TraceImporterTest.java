package dev.steptrail.shipper.autoglm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.steptrail.shipper.Screens;
import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.tracker.outbox.Outbox;
import dev.steptrail.tracker.outbox.OutboxLine;
import dev.steptrail.tracker.outbox.OutboxTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceImporterTest {
    @TempDir
    Path folder;

    private Outbox outbox;
    private Path trace;

    @BeforeEach
    void open() throws IOException {
        outbox = Outbox.in(folder.resolve("outbox"));
        trace = folder.resolve("run/run.json");
        Files.createDirectories(trace.resolveSibling("screenshots"));
        Files.write(trace, Traces.good());
    }

    @Test
    void aSample_isImportedWithItsScreens() throws Exception {
        ImportedTrace imported =
                importer(TraceScreenshots.besideTheTrace()).importFile(Screens.sample("weather-finished"));

        assertThat(imported).isEqualTo(new ImportedTrace(imported.taskId(), 5, 5, true));
        List<Step> steps = steps(imported.taskId());
        OutboxTask task = outbox.task(imported.taskId()).orElseThrow();
        for (Step step : steps) {
            Frame frame = step.frames().get(0);
            assertThat(frame.width()).isEqualTo(1080);
            assertThat(task.readFrame(frame.file()))
                    .isEqualTo(Files.readAllBytes(Screens.sample("weather-finished")
                            .resolveSibling("screenshots/step_%03d.png".formatted(step.stepNumber()))));
        }
        assertThat(steps.get(4).stepType()).isEqualTo("completion");
    }

    @Test
    void anImportAgain_leavesOneFolder() throws Exception {
        TraceImporter importer = importer(TraceScreenshots.besideTheTrace());
        ImportedTrace first = importer.importFile(trace);
        ImportedTrace second = importer.importFile(trace);

        assertThat(first.added()).isTrue();
        assertThat(second.added()).isFalse();
        assertThat(second.taskId()).isEqualTo(first.taskId());
        assertThat(outbox.tasks()).hasSize(1);
    }

    @Test
    void oneFile_standsForTheScreenOfEveryStep() throws Exception {
        Path file = Files.write(folder.resolve("screen.png"), Screens.drawn(1));

        assertThat(importer(TraceScreenshots.ofFile(file)).importFile(trace).screenshots())
                .isEqualTo(5);
    }

    @Test
    void aScreenThatIsNotBesideTheTrace_isGoneWithout() throws Exception {
        screen("step_002.png");

        ImportedTrace imported = importer(TraceScreenshots.besideTheTrace()).importFile(trace);

        assertThat(imported.screenshots()).isEqualTo(1);
        assertThat(steps(imported.taskId()))
                .extracting(step -> step.frames().size())
                .containsExactly(0, 1, 0, 0, 0);
    }

    @Test
    void screensInAFolder_areFoundByTheirNamesAlone() throws Exception {
        Files.write(
                trace,
                Traces.withStep(step -> step.put("screenshot_path", "/home/somebody/run\\screenshots\\step_001.png")));
        Path screens = Screens.sample("weather-finished").resolveSibling("screenshots");

        assertThat(importer(TraceScreenshots.in(screens)).importFile(trace).screenshots())
                .isEqualTo(5);
    }

    @Test
    void aScreenThatIsMissing_isNamed_andNothingImported() throws Exception {
        assertRefused(
                TraceScreenshots.in(folder),
                "step 1: the screenshot " + folder.resolve("step_001.png") + " cannot be read");
        Path none = folder.resolve("none.png");
        assertRefused(TraceScreenshots.ofFile(none), "step 1: the screenshot " + none + " cannot be read");
    }

    @Test
    void aScreenThatIsNone_isNamed_andNothingImported() throws Exception {
        screen("step_001.png");
        Path text = Files.writeString(trace.resolveSibling("screenshots/step_002.png"), "no image");
        assertRefused(TraceScreenshots.besideTheTrace(), "step 2: the screenshot " + text + " is no PNG image");

        byte[] png = Screens.drawn(1);
        Files.write(text, java.util.Arrays.copyOf(png, png.length / 2));
        assertRefused(TraceScreenshots.besideTheTrace(), "step 2: the screenshot " + text + " is no PNG image");
    }

    @Test
    void aScreenElsewhere_isNotRead() throws Exception {
        Path secret = Files.write(folder.resolve("secret.png"), Screens.drawn(1));
        for (String path : List.of("../secret.png", "screenshots/../../secret.png", secret.toString())) {
            Files.write(trace, Traces.withStep(step -> step.put("screenshot_path", path)));
            assertRefused(
                    TraceScreenshots.besideTheTrace(),
                    "step 1: screenshot_path: leads out of the folder of the screenshots");
        }
    }

    @Test
    void aLinkToAScreenElsewhere_isNotFollowed() throws Exception {
        Path secret = Files.write(folder.resolve("secret.png"), Screens.drawn(1));
        Files.createSymbolicLink(trace.resolveSibling("screenshots/step_001.png"), secret);

        assertRefused(
                TraceScreenshots.besideTheTrace(),
                "step 1: screenshot_path: leads out of the folder of the screenshots");
    }

    @Test
    void aPathThatIsNone_isTold() throws Exception {
        for (String path : List.of("\0", "/")) {
            Files.write(trace, Traces.withStep(step -> step.put("screenshot_path", path)));
            assertRefused(TraceScreenshots.in(folder), "step 1: screenshot_path: is no path");
        }
    }

    @Test
    void aBadFile_isNamed() throws Exception {
        Files.writeString(trace, "no JSON");
        assertRefused(TraceScreenshots.besideTheTrace(), "is no JSON, or breaks off (line 1, column 1)");
        Files.delete(trace);
        assertRefused(TraceScreenshots.besideTheTrace(), "does not exist");
        Files.createDirectory(trace);
        assertThatThrownBy(() -> importer(TraceScreenshots.besideTheTrace()).importFile(trace))
                .hasMessageStartingWith(trace + ": cannot be read");
    }

    @Test
    void realRecordings_areImportedCharacterForCharacter() throws Exception {
        Path data = Screens.realData();
        TraceImporter importer = importer(TraceScreenshots.ofFile(data.resolve("phone-1080x2400.png")));
        ObjectMapper json = new ObjectMapper();
        List<Path> files;
        try (Stream<Path> found = Files.list(data.resolve("traces"))) {
            files = found.filter(file -> file.toString().endsWith(".json")).toList();
        }
        assertThat(files).isNotEmpty();
        for (Path file : files) {
            JsonNode told = json.readTree(file.toFile()).get("steps");
            List<Step> steps = steps(importer.importFile(file).taskId());
            assertThat(steps).hasSize(told.size());
            for (int i = 0; i < steps.size(); i++) {
                assertThat(steps.get(i).thinking())
                        .isEqualTo(told.get(i).path("thinking").textValue());
                assertThat(json.<JsonNode>valueToTree(steps.get(i).action()))
                        .isEqualTo(told.get(i).path("action_data"));
                assertThat(steps.get(i).errorMessage())
                        .isEqualTo(told.get(i).path("error_message").textValue());
            }
        }
    }

    private TraceImporter importer(TraceScreenshots screenshots) {
        return new TraceImporter(outbox, screenshots, ZoneOffset.UTC);
    }

    private void screen(String name) throws IOException {
        Files.write(trace.resolveSibling("screenshots").resolve(name), Screens.drawn(1));
    }

    private void assertRefused(TraceScreenshots screenshots, String problem) {
        assertThatThrownBy(() -> importer(screenshots).importFile(trace))
                .isInstanceOf(IOException.class)
                .hasMessage(trace + ": " + problem);
        assertThat(outbox.folder()).isEmptyDirectory();
    }

    private List<Step> steps(UUID task) throws Exception {
        List<Step> steps = new ArrayList<>();
        for (OutboxLine line : outbox.task(task).orElseThrow().linesFrom(0, Integer.MAX_VALUE)) {
            StepRecord record = RecordCodec.decode(line.json());
            if (record instanceof Step step) {
                steps.add(step);
            }
        }
        return steps;
    }
}
