package dev.steptrail.cli.records;

import dev.steptrail.shipper.internal.screenshot.WebpEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options that select the screenshots of a recording: by each step's {@code screenshot_path} in a folder, or one
 * file for all steps, or none. A missing or damaged screenshot causes an error; each is decoded once to verify it. Not
 * thread-safe.
 */
final class RecordingScreenshots {
    /** The maximum size of a frame in the outbox, about ten times the raw pixels of a phone's screen. */
    static final int MAX_BYTES = 64 * 1024 * 1024;

    private static final String HINT = "; fix it, or use --screenshots DIR with the folder of the"
            + " screenshots, --screenshot FILE with one for all steps, or --no-screenshots";

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

    private @Nullable Path lastRead;
    private byte[] lastBytes = {};

    /** @throws IOException if the folder does not exist */
    void check() throws IOException {
        if (folder != null && !Files.isDirectory(folder)) {
            throw new IOException("--screenshots: " + folder + " is not a folder");
        }
    }

    /**
     * Returns the screenshot of a step as PNG; null if it has none.
     *
     * @param screenshotPath the step's {@code screenshot_path}
     * @throws InvalidInputException if the screenshot is missing or damaged
     */
    byte @Nullable [] read(int stepNumber, @Nullable String screenshotPath, Path recording)
            throws InvalidInputException {
        try {
            Path screenshot = find(screenshotPath, recording);
            return screenshot == null ? null : read(screenshot);
        } catch (InvalidInputException e) {
            throw new InvalidInputException("step " + stepNumber + ": the screenshot " + e.getMessage() + HINT);
        }
    }

    private @Nullable Path find(@Nullable String screenshotPath, Path recording) throws InvalidInputException {
        if (none || file != null) {
            return none ? null : file;
        }
        if (screenshotPath == null || screenshotPath.isBlank()) {
            return null;
        }
        Path searched = (folder == null ? recording.resolveSibling("") : folder)
                .toAbsolutePath()
                .normalize();
        Path wanted = parsePath(screenshotPath);
        for (Path path : folder == null ? List.of(wanted) : List.of(wanted, wanted.getFileName())) {
            Path screenshot = searched.resolve(path).normalize();
            // A recording is untrusted: it must not read files outside of the folder.
            if (screenshot.startsWith(searched) && Files.exists(screenshot)) {
                requireLinkTargetIn(screenshot, searched);
                return screenshot;
            }
        }
        throw new InvalidInputException(screenshotPath + " is not in " + searched);
    }

    private static Path parsePath(String screenshotPath) throws InvalidInputException {
        try {
            Path path = Path.of(screenshotPath.replace('\\', '/'));
            if (path.getFileName() != null) {
                return path;
            }
        } catch (InvalidPathException e) {
            throw new InvalidInputException(screenshotPath + " is not a valid file name on this system");
        }
        throw new InvalidInputException(screenshotPath + " is not a file");
    }

    private static void requireLinkTargetIn(Path screenshot, Path folder) throws InvalidInputException {
        try {
            if (screenshot.toRealPath().startsWith(folder.toRealPath())) {
                return;
            }
        } catch (IOException e) {
            throw new InvalidInputException(screenshot + " cannot be read: " + e);
        }
        throw new InvalidInputException(screenshot + " is a link to a file outside of " + folder);
    }

    private byte[] read(Path screenshot) throws InvalidInputException {
        if (screenshot.equals(lastRead)) {
            return lastBytes;
        }
        try {
            byte[] png = AutoGlmImporter.read(screenshot, MAX_BYTES);
            WebpEncoder.requireComplete(png);
            lastRead = screenshot;
            lastBytes = png;
            return png;
        } catch (InvalidInputException e) {
            throw new InvalidInputException(screenshot + " " + e.getMessage());
        } catch (IOException e) {
            throw new InvalidInputException(screenshot + ": " + e.getMessage());
        }
    }
}
