package dev.steptrail.cli.judging;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Deletes the temporary files of an evaluation. */
public final class TemporaryFolder {
    private TemporaryFolder() {}

    /**
     * Deletes a folder with as much of its content as possible.
     *
     * @throws IOException the first failure; an evaluator program may leave files that this user cannot delete
     */
    public static void delete(Path folder) throws IOException {
        AtomicReference<@Nullable IOException> first = new AtomicReference<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                return delete(file, null);
            }

            /** An unreadable folder can be deleted if it is empty. */
            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                return delete(file, failure);
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) {
                return delete(directory, failure);
            }

            private FileVisitResult delete(Path path, @Nullable IOException cause) {
                try {
                    Files.deleteIfExists(path);
                } catch (IOException e) {
                    first.compareAndSet(null, cause == null ? e : cause);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        IOException failure = first.get();
        if (failure != null) {
            throw failure;
        }
    }
}
