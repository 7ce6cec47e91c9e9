package dev.steptrail.cli.autoglm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that select the screenshots of a recording. */
final class ScreenshotOptions {
    @Option(names = "--screenshot", paramLabel = "FILE", description = "Use this PNG as the screenshot of every step.")
    private @Nullable Path file;

    @Option(
            names = "--screenshots",
            paramLabel = "DIR",
            description =
                    "Folder of the screenshots (default: the folder of each recording). A recording with a missing"
                            + " screenshot is not imported.")
    private @Nullable Path folder;

    @Option(names = "--no-screenshots", description = "Import without screenshots.")
    private boolean none;

    RecordingScreenshots screenshots() {
        if (none) {
            return RecordingScreenshots.none();
        }
        if (file != null) {
            return RecordingScreenshots.fromFile(file);
        }
        return folder != null ? RecordingScreenshots.fromFolder(folder) : RecordingScreenshots.fromRecordingFolder();
    }

    /** @throws IOException if the folder does not exist */
    void check() throws IOException {
        if (folder != null && !Files.isDirectory(folder)) {
            throw new IOException("--screenshots: " + folder + " is not a folder");
        }
    }
}
