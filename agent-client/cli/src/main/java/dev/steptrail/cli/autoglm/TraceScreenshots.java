package dev.steptrail.cli.autoglm;

import dev.steptrail.shipper.screenshot.PngCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the picture of each step of a trace: by the step's {@code screenshot_path} in a folder, by default that of the
 * trace; or one file for all; or none. A step that names no picture has none. A picture that is named must be there, and be
 * whole: each is decoded once, so that a trace with a missing or bad one is not imported. Not thread-safe.
 */
public final class TraceScreenshots {
    /** What the outbox takes of a picture; a phone's screen has a tenth of it as raw pixels. */
    static final int MAX_BYTES = 64 * 1024 * 1024;

    private static final String WHAT_TO_DO = "; put it right, or give --screenshots DIR with the pictures,"
            + " --screenshot FILE with one for all steps, or --no-screenshots";

    private final Place place;
    private @Nullable Path lastRead;
    private byte[] lastBytes = {};

    /** Where the picture of a step is; empty if it has none. */
    private interface Place {
        Optional<Path> of(TraceStep step, Path trace) throws TraceException;
    }

    private TraceScreenshots(Place place) {
        this.place = place;
    }

    /** The same picture for every step. */
    public static TraceScreenshots ofFile(Path file) {
        return new TraceScreenshots((step, trace) -> Optional.of(file));
    }

    /** Pictures by their path, or by their name alone, in {@code folder}. */
    public static TraceScreenshots in(Path folder) {
        return new TraceScreenshots((step, trace) -> named(step, folder, true));
    }

    /** Pictures by their path in the folder of the trace. */
    public static TraceScreenshots besideTheTrace() {
        return new TraceScreenshots((step, trace) -> named(step, trace.resolveSibling(""), false));
    }

    /** No pictures, whatever the trace names. */
    public static TraceScreenshots none() {
        return new TraceScreenshots((step, trace) -> Optional.empty());
    }

    /**
     * The step's picture, in PNG; empty if it has none.
     *
     * @throws TraceException if it is missing or bad; the message names it and says what to do
     */
    Optional<byte[]> of(TraceStep step, Path trace) throws TraceException {
        try {
            Optional<Path> picture = place.of(step, trace);
            return picture.isEmpty() ? Optional.empty() : Optional.of(read(picture.get()));
        } catch (TraceException e) {
            throw new TraceException("step " + step.stepNumber() + ": the screenshot " + e.getMessage() + WHAT_TO_DO);
        }
    }

    private static Optional<Path> named(TraceStep step, Path in, boolean byNameToo) throws TraceException {
        String told = step.screenshotPath();
        if (told == null || told.isBlank()) {
            return Optional.empty();
        }
        Path folder = in.toAbsolutePath().normalize();
        Path named = path(told);
        for (Path path : byNameToo ? List.of(named, named.getFileName()) : List.of(named)) {
            Path picture = folder.resolve(path).normalize();
            // A trace comes from anywhere; it may not so much as ask for files elsewhere.
            if (picture.startsWith(folder) && Files.exists(picture)) {
                requireNoLinkOut(picture, folder);
                return Optional.of(picture);
            }
        }
        throw new TraceException(told + " is not in " + folder);
    }

    private static Path path(String told) throws TraceException {
        try {
            Path path = Path.of(told.replace('\\', '/'));
            if (path.getFileName() != null) {
                return path;
            }
        } catch (InvalidPathException e) {
            throw new TraceException(told + " has a name that no file has here");
        }
        throw new TraceException(told + " is no file");
    }

    private static void requireNoLinkOut(Path picture, Path folder) throws TraceException {
        try {
            if (picture.toRealPath().startsWith(folder.toRealPath())) {
                return;
            }
        } catch (IOException e) {
            throw new TraceException(picture + " cannot be read: " + e);
        }
        throw new TraceException(picture + " is a link that leads out of " + folder);
    }

    private byte[] read(Path picture) throws TraceException {
        if (picture.equals(lastRead)) {
            return lastBytes;
        }
        try {
            byte[] png = InputFile.read(picture, MAX_BYTES);
            PngCheck.requireWhole(png);
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
