package dev.steptrail.tracker.internal.outbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Replaces files atomically: a reader finds either the old or the new content. */
public final class AtomicFile {
    private AtomicFile() {}

    /** Writes the content of a file that exists. */
    @FunctionalInterface
    public interface Content {
        void writeTo(Path file) throws IOException;
    }

    /**
     * Replaces a file by one that only its owner can access. Several threads and processes may replace it concurrently.
     *
     * @throws IOException if the write failed; the old content is preserved
     */
    public static void replace(Path file, Content content) throws IOException {
        // createTempFile sets the mode 0600
        Path temporary =
                Files.createTempFile(file.resolveSibling(""), file.getFileName().toString(), ".tmp");
        replace(file, temporary, content);
    }

    /**
     * Writes {@code temporary} and renames it to {@code file}, or deletes it if that fails.
     *
     * @param temporary is in the same folder as {@code file}
     * @throws IOException if the write failed; the old content is preserved
     */
    public static void replace(Path file, Path temporary, Content content) throws IOException {
        try {
            content.writeTo(temporary);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
