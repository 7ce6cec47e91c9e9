package dev.steptrail.localcloud;

import dev.steptrail.stepformat.MemoryFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.commons.io.FileUtils;

/**
 * Folders for local clouds, which stay until this JVM ends: the library runs every Postgres of a JVM by the programs that its
 * first one unpacked, so the first one's folder must outlive the others.
 */
final class LastingFolder {
    private static final Queue<Path> FOLDERS = new ConcurrentLinkedQueue<>();
    private static final Queue<Cloud> CLOUDS = new ConcurrentLinkedQueue<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            CLOUDS.forEach(Cloud::close);
            FOLDERS.forEach(folder -> FileUtils.deleteQuietly(folder.toFile()));
        }));
    }

    private LastingFolder() {}

    static Path create() throws IOException {
        Path folder = MemoryFolder.create();
        FOLDERS.add(folder);
        return folder;
    }

    /** Has the cloud closed before the folders go. */
    static void closeAtTheEnd(Cloud cloud) {
        CLOUDS.add(cloud);
    }
}
