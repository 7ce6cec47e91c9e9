package dev.steptrail.cli.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.shipper.fixture.Screens;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.internal.outbox.OutboxLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The base of tests that import a valid recording, with a folder for its screenshots and an outbox. */
abstract class AutoGlmImporterTestBase {
    @TempDir
    Path folder;

    Outbox outbox;
    Path recording;

    @BeforeEach
    void open() throws IOException {
        outbox = Outbox.open(folder.resolve("outbox"));
        recording = folder.resolve("run/run.json");
        Files.createDirectories(recording.resolveSibling("screenshots"));
        Files.write(recording, SampleRecordings.valid());
    }

    static RecordingScreenshots screenshots(Object... options) {
        return CommandLine.populateCommand(
                new RecordingScreenshots(),
                Stream.of(options).map(String::valueOf).toArray(String[]::new));
    }

    AutoGlmImporter importer(RecordingScreenshots screenshots) {
        return new AutoGlmImporter(outbox, screenshots, ZoneOffset.UTC, false);
    }

    void screen(String name) throws IOException {
        Files.write(recording.resolveSibling("screenshots").resolve(name), Screens.drawn(1));
    }

    void assertRejected(RecordingScreenshots screenshots, String problem) {
        assertRejected(screenshots, 1, problem);
    }

    void assertRejected(RecordingScreenshots screenshots, int step, String problem) {
        assertThatThrownBy(() -> importer(screenshots).importFile(recording))
                .isInstanceOf(IOException.class)
                .hasMessage(recording + ": step " + step + ": the screenshot " + problem + "; fix it, or use"
                        + " --screenshots DIR with the folder of the screenshots, --screenshot FILE with one for all"
                        + " steps, or --no-screenshots");
        assertThat(outbox.folder()).isEmptyDirectory();
    }

    void assertRecordingRejected(String problem) {
        assertThatThrownBy(() -> importer(screenshots("--no-screenshots")).importFile(recording))
                .isInstanceOf(IOException.class)
                .hasMessage(recording + ": " + problem);
        assertThat(outbox.folder()).isEmptyDirectory();
    }

    List<Step> steps(UUID task) throws Exception {
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
