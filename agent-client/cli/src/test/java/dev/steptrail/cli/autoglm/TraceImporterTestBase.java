package dev.steptrail.cli.autoglm;

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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The base of tests that import a good trace, with a folder for its screens and an outbox. */
abstract class TraceImporterTestBase {
    @TempDir
    Path folder;

    Outbox outbox;
    Path trace;

    @BeforeEach
    void open() throws IOException {
        outbox = Outbox.open(folder.resolve("outbox"));
        trace = folder.resolve("run/run.json");
        Files.createDirectories(trace.resolveSibling("screenshots"));
        Files.write(trace, Traces.good());
    }

    TraceImporter importer(TraceScreenshots screenshots) {
        return new TraceImporter(outbox, screenshots, ZoneOffset.UTC, false);
    }

    void screen(String name) throws IOException {
        Files.write(trace.resolveSibling("screenshots").resolve(name), Screens.drawn(1));
    }

    void assertRejected(TraceScreenshots screenshots, String problem) {
        assertRejected(screenshots, 1, problem);
    }

    void assertRejected(TraceScreenshots screenshots, int step, String problem) {
        assertThatThrownBy(() -> importer(screenshots).importFile(trace))
                .isInstanceOf(IOException.class)
                .hasMessage(trace + ": step " + step + ": the screenshot " + problem + "; fix it, or use"
                        + " --screenshots DIR with the folder of the screenshots, --screenshot FILE with one for all"
                        + " steps, or --no-screenshots");
        assertThat(outbox.folder()).isEmptyDirectory();
    }

    void assertTraceRejected(String problem) {
        assertThatThrownBy(() -> importer(TraceScreenshots.none()).importFile(trace))
                .isInstanceOf(IOException.class)
                .hasMessage(trace + ": " + problem);
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
