package dev.steptrail.cli.autoglm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Finds the files of recordings. */
final class RecordingFiles {
    private RecordingFiles() {}

    /**
     * Returns the recordings in a folder, or the file itself.
     *
     * @throws IOException if the folder cannot be searched, or contains no recording
     */
    static List<Path> find(Path source) throws IOException {
        if (!Files.isDirectory(source)) {
            return List.of(source);
        }
        List<Path> found;
        try (Stream<Path> files = Files.walk(source)) {
            // Pipes and devices are kept, so that the import reports them as errors, as it does for a FILE argument.
            found = files.filter(file -> file.toString().endsWith(".json"))
                    .filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new IOException(source + ": failed to search for recordings: " + e.getMessage(), e);
        }
        if (found.isEmpty()) {
            throw new IOException(source + ": contains no *.json file");
        }
        return found;
    }
}
