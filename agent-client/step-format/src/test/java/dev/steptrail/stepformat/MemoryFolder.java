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
 * Creates temporary folders for tests with many files and syncs, which are slow on a disk. The folders are in /dev/shm
 * if it has enough space, otherwise in the default temporary folder.
 */
public final class MemoryFolder implements TempDirFactory {
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final long MIN_FREE_BYTES = 4L << 30;
    private static final String PREFIX = "steptrail-test-";
    private static final Path PARENT = parent();

    /** Creates an empty folder. The caller must delete it. */
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
            if (hasSpace()) {
                deleteOld();
                return MEMORY;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Path.of(System.getProperty("java.io.tmpdir"));
    }

    private static boolean hasSpace() throws IOException {
        if (!Files.isWritable(MEMORY)) {
            return false;
        }
        FileStore store = Files.getFileStore(MEMORY);
        // S3Proxy stores an object's headers in file attributes, which tmpfs supports since Linux 6.6.
        return store.getUsableSpace() >= MIN_FREE_BYTES && store.supportsFileAttributeView("user");
    }

    /** Deletes the folders of killed tests, which would use memory until the next reboot. */
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
        folders.forEach(MemoryFolder::delete);
    }

    /** Deletes a folder as far as it exists. Others may delete it at the same time, or still write to it. */
    static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (NoSuchFileException | UncheckedIOException e) {
            return; // it is deleted at the same time
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
