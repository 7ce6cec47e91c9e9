package dev.steptrail.tracker.internal.outbox;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The paths of the files in a task's folder. */
record TaskFiles(Path folder) {
    private static final String SHIPPED_MARKER = "shipped.at-";

    Path outbox() {
        return folder.resolveSibling("");
    }

    Path steps() {
        return folder.resolve("steps.jsonl");
    }

    Path frames() {
        return folder.resolve("frames");
    }

    Path shipped() {
        return folder.resolve("shipped");
    }

    /** Returns the empty file whose name contains an offset that could not be written to {@link #shipped}. */
    Path shippedMarker(long offset) {
        return folder.resolve(SHIPPED_MARKER + offset);
    }

    /** Returns the offset in the name of a file of {@link #shippedMarkers}. */
    static String markedOffset(Path marker) {
        return marker.getFileName().toString().substring(SHIPPED_MARKER.length());
    }

    /** Returns all files of {@link #shippedMarker}; none if the folder does not exist. */
    List<Path> shippedMarkers() throws IOException {
        try (DirectoryStream<Path> markers = Files.newDirectoryStream(
                folder,
                path -> path.getFileName().toString().startsWith(SHIPPED_MARKER) && Files.isRegularFile(path))) {
            List<Path> files = new ArrayList<>();
            markers.forEach(files::add);
            return files;
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    Path rejected() {
        return folder.resolve("rejected.jsonl");
    }

    Path writerLock() {
        return folder.resolve("writer.lock");
    }

    /** Returns whether a recorder has written to the folder. */
    boolean hasRecorderFiles() {
        return Files.exists(writerLock(), NOFOLLOW_LINKS) || Files.exists(steps(), NOFOLLOW_LINKS);
    }

    List<Path> allExceptFrames() throws IOException {
        List<Path> files = new ArrayList<>(List.of(steps(), shipped(), OutboxFiles.temporaryFile(shipped())));
        files.addAll(shippedMarkers());
        files.addAll(List.of(rejected(), reserve(), writerLock()));
        return files;
    }

    /** Returns the file that reserves disk space for the end of the task. */
    Path reserve() {
        return folder.resolve("reserve");
    }
}
