package dev.steptrail.stepformat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Temporary folders for tests of many files and many syncs, which take most of their time on a disk: in memory, where the
 * machine has room for them there, else among the other temporary files.
 */
public final class MemoryFolder implements TempDirFactory {
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final long ROOM_BYTES = 4L << 30;
    private static final String PREFIX = "steptrail-test-";
    private static final Path PARENT = parent();

    /** An empty folder; who asked deletes it. */
    public static Path create() throws IOException {
        return Files.createTempDirectory(PARENT, PREFIX);
    }

    /** For {@code @TempDir}. */
    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test) throws IOException {
        return create();
    }

    private static Path parent() {
        try {
            if (hasRoom()) {
                deleteOld();
                return MEMORY;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    private static boolean hasRoom() throws IOException {
        if (!Files.isWritable(MEMORY)) {
            return false;
        }
        FileStore store = Files.getFileStore(MEMORY);
        // S3Proxy keeps an object's headers in attributes of its file, which Linux has in memory since 6.6.
        return store.getUsableSpace() >= ROOM_BYTES && store.supportsFileAttributeView("user");
    }

    /** What killed tests left takes memory until the machine starts anew. */
    private static void deleteOld() throws IOException {
        long old = Instant.now().minus(Duration.ofHours(3)).toEpochMilli();
        List<Path> folders;
        try (Stream<Path> all = Files.list(MEMORY)) {
            folders = all.filter(folder -> folder.getFileName().toString().startsWith(PREFIX))
                    .filter(folder -> {
                        long modified = folder.toFile().lastModified(); // 0 if other tests have just deleted it
                        return modified > 0 && modified < old;
                    })
                    .toList();
        }
        for (Path folder : folders) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            } catch (NoSuchFileException | UncheckedIOException e) {
                continue; // other tests delete it at the same time
            }
        }
    }
}
