package dev.steptrail.shipper.autoglm;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/**
 * Finds the picture of each step of a trace: one file for all, or by the step's {@code screenshot_path} in a folder, by
 * default the folder of the trace itself. Each picture is decoded once before anything is imported: a trace whose pictures
 * are bad is not imported by half.
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
        Path named;
        try {
            named = Path.of(step.screenshotPath());
        } catch (InvalidPathException e) {
            throw new TraceException("step " + step.stepNumber() + ": screenshot_path: is no path");
        }
        if (folder != null) {
            Path whole = inside(folder, named, step);
            return Optional.of(Files.exists(whole) ? whole : inside(folder, named.getFileName(), step));
        }
        Path beside = inside(trace.toAbsolutePath().resolveSibling(""), named, step);
        return Optional.of(beside).filter(Files::exists);
    }

    /** A trace comes from anywhere; it may not name files anywhere. */
    private static Path inside(Path folder, Path named, TraceStep step) throws TraceException {
        Path path = folder.resolve(named).normalize();
        if (!path.startsWith(folder.normalize())) {
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
        if (!isPng(png)) {
            throw new TraceException("step " + step.stepNumber() + ": the screenshot " + picture + " is no PNG image");
        }
        lastRead = picture;
        lastBytes = png;
        return png;
    }

    private static boolean isPng(byte[] bytes) {
        try {
            return bytes.length > 4
                    && bytes[1] == 'P'
                    && bytes[2] == 'N'
                    && ImageIO.read(new ByteArrayInputStream(bytes)) != null;
        } catch (IOException | RuntimeException unreadable) {
            return false;
        }
    }
}
