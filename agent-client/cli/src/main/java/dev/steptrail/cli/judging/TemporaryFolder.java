package dev.steptrail.cli.judging;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Deletes temporary files. */
public final class TemporaryFolder {
    private TemporaryFolder() {}

    /**
     * Deletes a file, or a folder with its content, if it exists. Does not follow links. A file that cannot be deleted
     * does not prevent the deletion of the others.
     *
     * @throws IOException if something cannot be deleted; the first failure
     */
    public static void delete(Path path) throws IOException {
        IOException failure = null;
        if (Files.isDirectory(path, NOFOLLOW_LINKS)) {
            try (Stream<Path> children = Files.list(path)) {
                for (Path child : children.toList()) {
                    try {
                        delete(child);
                    } catch (IOException e) {
                        failure = failure == null ? e : failure;
                    }
                }
            } catch (IOException e) {
                failure = e;
            }
        }
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw failure == null ? e : failure;
        }
    }
}
