package dev.steptrail.cli.autoglm;

import dev.steptrail.shipper.internal.screenshot.PngValidator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the picture of each step of a trace: by the step's {@code screenshot_path} in a folder, by default the trace's;
 * or one file for all steps; or none. A step without {@code screenshot_path} has no picture. Each picture must exist
 * and is decoded once, because a trace with a missing or damaged picture is not imported. Not thread-safe.
 */
public final class TraceScreenshots {
    /** The limit of the outbox; about ten times the raw pixels of a phone's screen. */
    static final int MAX_BYTES = 64 * 1024 * 1024;

    private static final String WHAT_TO_DO = "; fix it, or use --screenshots DIR with the folder of the"
            + " screenshots, --screenshot FILE with one for all steps, or --no-screenshots";

    private final Place place;
    private @Nullable Path lastRead;
    private byte[] lastBytes = {};

    /** Returns the picture for a step's {@code screenshot_path}; null if there is none. */
    private interface Place {
        @Nullable
        Path of(@Nullable String named, Path trace) throws TraceException;
    }

    private TraceScreenshots(Place place) {
        this.place = place;
    }

    /** The same picture for every step. */
    public static TraceScreenshots ofFile(Path file) {
        return new TraceScreenshots((named, trace) -> file);
    }

    /** Pictures in {@code folder}, found by their path or by their file name alone. */
    public static TraceScreenshots in(Path folder) {
        return new TraceScreenshots((named, trace) -> find(named, folder, true));
    }

    /** Pictures in the folder of the trace, found by their path. */
    public static TraceScreenshots besideTheTrace() {
        return new TraceScreenshots((named, trace) -> find(named, trace.resolveSibling(""), false));
    }

    /** No pictures, even if the trace names some. */
    public static TraceScreenshots none() {
        return new TraceScreenshots((named, trace) -> null);
    }

    /**
     * Returns the picture of a step as PNG; null if it has none.
     *
     * @param named the step's {@code screenshot_path}
     * @throws TraceException if the picture is missing or damaged; the message names it and says what to do
     */
    byte @Nullable [] of(int stepNumber, @Nullable String named, Path trace) throws TraceException {
        try {
            Path picture = place.of(named, trace);
            return picture == null ? null : read(picture);
        } catch (TraceException e) {
            throw new TraceException("step " + stepNumber + ": the screenshot " + e.getMessage() + WHAT_TO_DO);
        }
    }

    private static @Nullable Path find(@Nullable String named, Path in, boolean byNameToo) throws TraceException {
        if (named == null || named.isBlank()) {
            return null;
        }
        Path folder = in.toAbsolutePath().normalize();
        Path wanted = path(named);
        for (Path path : byNameToo ? List.of(wanted, wanted.getFileName()) : List.of(wanted)) {
            Path picture = folder.resolve(path).normalize();
            // A trace is untrusted: it must not read files outside of the folder.
            if (picture.startsWith(folder) && Files.exists(picture)) {
                requireNoLinkOut(picture, folder);
                return picture;
            }
        }
        throw new TraceException(named + " is not in " + folder);
    }

    private static Path path(String named) throws TraceException {
        try {
            Path path = Path.of(named.replace('\\', '/'));
            if (path.getFileName() != null) {
                return path;
            }
        } catch (InvalidPathException e) {
            throw new TraceException(named + " is not a valid file name on this system");
        }
        throw new TraceException(named + " is not a file");
    }

    private static void requireNoLinkOut(Path picture, Path folder) throws TraceException {
        try {
            if (picture.toRealPath().startsWith(folder.toRealPath())) {
                return;
            }
        } catch (IOException e) {
            throw new TraceException(picture + " cannot be read: " + e);
        }
        throw new TraceException(picture + " is a link to a file outside of " + folder);
    }

    private byte[] read(Path picture) throws TraceException {
        if (picture.equals(lastRead)) {
            return lastBytes;
        }
        try {
            byte[] png = TraceImporter.read(picture, MAX_BYTES);
            PngValidator.requireComplete(png);
            lastRead = picture;
            lastBytes = png;
            return png;
        } catch (TraceException e) {
            throw new TraceException(picture + " " + e.getMessage());
        } catch (IOException e) {
            throw new TraceException(picture + ": " + e.getMessage());
        }
    }
}
