package dev.steptrail.cli.autoglm;

import dev.steptrail.shipper.internal.screenshot.PngValidator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the screenshots of a recording: by each step's {@code screenshot_path} in a folder, or one file for all steps,
 * or none. A missing or damaged screenshot causes an error; each is decoded once to verify it. Not thread-safe.
 */
final class RecordingScreenshots {
    /** The maximum size of a frame in the outbox, about ten times the raw pixels of a phone's screen. */
    static final int MAX_BYTES = 64 * 1024 * 1024;

    private static final String HINT = "; fix it, or use --screenshots DIR with the folder of the"
            + " screenshots, --screenshot FILE with one for all steps, or --no-screenshots";

    private final Locator locator;
    private @Nullable Path lastRead;
    private byte[] lastBytes = {};

    /** Returns the screenshot for a step's {@code screenshot_path}; null if there is none. */
    private interface Locator {
        @Nullable
        Path find(@Nullable String screenshotPath, Path recording) throws InvalidRecordingException;
    }

    private RecordingScreenshots(Locator locator) {
        this.locator = locator;
    }

    /** Uses the same screenshot for every step. */
    static RecordingScreenshots fromFile(Path file) {
        return new RecordingScreenshots((screenshotPath, recording) -> file);
    }

    /** Searches {@code folder} for the path or, if that does not exist, for the file name alone. */
    static RecordingScreenshots fromFolder(Path folder) {
        return new RecordingScreenshots((screenshotPath, recording) -> find(screenshotPath, folder, true));
    }

    /** Searches the folder of the recording for the path. */
    static RecordingScreenshots fromRecordingFolder() {
        return new RecordingScreenshots(
                (screenshotPath, recording) -> find(screenshotPath, recording.resolveSibling(""), false));
    }

    /** Uses no screenshots, even if the recording refers to some. */
    static RecordingScreenshots none() {
        return new RecordingScreenshots((screenshotPath, recording) -> null);
    }

    /**
     * Returns the screenshot of a step as PNG; null if it has none.
     *
     * @param screenshotPath the step's {@code screenshot_path}
     * @throws InvalidRecordingException if the screenshot is missing or damaged
     */
    byte @Nullable [] read(int stepNumber, @Nullable String screenshotPath, Path recording)
            throws InvalidRecordingException {
        try {
            Path screenshot = locator.find(screenshotPath, recording);
            return screenshot == null ? null : read(screenshot);
        } catch (InvalidRecordingException e) {
            throw new InvalidRecordingException("step " + stepNumber + ": the screenshot " + e.getMessage() + HINT);
        }
    }

    private static @Nullable Path find(@Nullable String screenshotPath, Path searchFolder, boolean alsoByName)
            throws InvalidRecordingException {
        if (screenshotPath == null || screenshotPath.isBlank()) {
            return null;
        }
        Path folder = searchFolder.toAbsolutePath().normalize();
        Path wanted = parsePath(screenshotPath);
        for (Path path : alsoByName ? List.of(wanted, wanted.getFileName()) : List.of(wanted)) {
            Path screenshot = folder.resolve(path).normalize();
            // A recording is untrusted: it must not read files outside of the folder.
            if (screenshot.startsWith(folder) && Files.exists(screenshot)) {
                requireLinkTargetIn(screenshot, folder);
                return screenshot;
            }
        }
        throw new InvalidRecordingException(screenshotPath + " is not in " + folder);
    }

    private static Path parsePath(String screenshotPath) throws InvalidRecordingException {
        try {
            Path path = Path.of(screenshotPath.replace('\\', '/'));
            if (path.getFileName() != null) {
                return path;
            }
        } catch (InvalidPathException e) {
            throw new InvalidRecordingException(screenshotPath + " is not a valid file name on this system");
        }
        throw new InvalidRecordingException(screenshotPath + " is not a file");
    }

    private static void requireLinkTargetIn(Path screenshot, Path folder) throws InvalidRecordingException {
        try {
            if (screenshot.toRealPath().startsWith(folder.toRealPath())) {
                return;
            }
        } catch (IOException e) {
            throw new InvalidRecordingException(screenshot + " cannot be read: " + e);
        }
        throw new InvalidRecordingException(screenshot + " is a link to a file outside of " + folder);
    }

    private byte[] read(Path screenshot) throws InvalidRecordingException {
        if (screenshot.equals(lastRead)) {
            return lastBytes;
        }
        try {
            byte[] png = AutoGlmImporter.read(screenshot, MAX_BYTES);
            PngValidator.requireComplete(png);
            lastRead = screenshot;
            lastBytes = png;
            return png;
        } catch (InvalidRecordingException e) {
            throw new InvalidRecordingException(screenshot + " " + e.getMessage());
        } catch (IOException e) {
            throw new InvalidRecordingException(screenshot + ": " + e.getMessage());
        }
    }
}
