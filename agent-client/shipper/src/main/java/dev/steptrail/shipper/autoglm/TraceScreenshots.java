package dev.steptrail.shipper.autoglm;

import dev.steptrail.shipper.PngCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the picture of each step of a trace: one file for all, or by the step's {@code screenshot_path} in a folder, by
 * default the folder of the trace itself. Each picture is decoded once, so that a trace with a bad one is not imported.
 */
public final class TraceScreenshots {
    private final @Nullable Path file;
    private final @Nullable Path folder;
    private @Nullable Path lastRead;
    private byte[] lastBytes = {};

    private TraceScreenshots(@Nullable Path file, @Nullable Path folder) {
        this.file = file;
        this.folder = folder;
    }

    /** The same picture for every step. */
    public static TraceScreenshots ofFile(Path file) {
        return new TraceScreenshots(file, null);
    }

    /** Pictures by their path, or by their name alone, in {@code folder}. */
    public static TraceScreenshots in(Path folder) {
        return new TraceScreenshots(null, folder);
    }

    /** Pictures beside the trace; a step whose picture is not there goes without. */
    public static TraceScreenshots besideTheTrace() {
        return new TraceScreenshots(null, null);
    }

    /** The step's picture, in PNG; empty if it has none. */
    Optional<byte[]> of(TraceStep step, Path trace) throws TraceException {
        Optional<Path> picture = find(step, trace);
        return picture.isEmpty() ? Optional.empty() : Optional.of(read(picture.get(), step));
    }

    private Optional<Path> find(TraceStep step, Path trace) throws TraceException {
        if (file != null) {
            return Optional.of(file);
        }
        if (step.screenshotPath() == null) {
            return Optional.empty();
        }
        Path named = named(step.screenshotPath(), step);
        if (folder == null) {
            Path beside = trace.toAbsolutePath().resolveSibling("");
            return Optional.of(inside(beside, named, step)).filter(Files::exists);
        }
        Path alone = inside(folder, named.getFileName(), step);
        Path whole = named.isAbsolute() ? alone : inside(folder, named, step);
        return Optional.of(Files.exists(whole) ? whole : alone);
    }

    private static Path named(String path, TraceStep step) throws TraceException {
        try {
            Path named = Path.of(path.replace('\\', '/'));
            if (named.getFileName() != null) {
                return named;
            }
        } catch (InvalidPathException e) {
            throw noPath(step);
        }
        throw noPath(step);
    }

    private static TraceException noPath(TraceStep step) {
        return new TraceException("step " + step.stepNumber() + ": screenshot_path: is no path");
    }

    /** A trace comes from anywhere; it may not name files anywhere, nor may a link beside it. */
    private static Path inside(Path folder, Path named, TraceStep step) throws TraceException {
        Path path = folder.resolve(named).normalize();
        boolean inside = path.startsWith(folder.normalize());
        try {
            inside &= !Files.exists(path) || path.toRealPath().startsWith(folder.toRealPath());
        } catch (IOException e) {
            inside = false;
        }
        if (!inside) {
            throw new TraceException(
                    "step " + step.stepNumber() + ": screenshot_path: leads out of the folder of the screenshots");
        }
        return path;
    }

    private byte[] read(Path picture, TraceStep step) throws TraceException {
        if (picture.equals(lastRead)) {
            return lastBytes;
        }
        byte[] png;
        try {
            png = Files.readAllBytes(picture);
        } catch (IOException e) {
            throw new TraceException("step " + step.stepNumber() + ": the screenshot " + picture + " cannot be read");
        }
        if (!PngCheck.isWhole(png)) {
            throw new TraceException("step " + step.stepNumber() + ": the screenshot " + picture + " is no PNG image");
        }
        lastRead = picture;
        lastBytes = png;
        return png;
    }
}
