package dev.steptrail.localcloud;

import dev.steptrail.stepformat.MemoryFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.commons.io.FileUtils;

/**
 * Creates folders for local clouds, which exist until this JVM ends. The library runs every Postgres of a JVM with the
 * binaries that it unpacked for the first one, so the first one's folder must outlive the others.
 */
final class LastingFolder {
    private static final Queue<Path> FOLDERS = new ConcurrentLinkedQueue<>();
    private static final Queue<LocalDeployment> CLOUDS = new ConcurrentLinkedQueue<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            CLOUDS.forEach(LocalDeployment::close);
            FOLDERS.forEach(folder -> FileUtils.deleteQuietly(folder.toFile()));
        }));
    }

    private LastingFolder() {}

    static Path create() throws IOException {
        Path folder = MemoryFolder.create();
        FOLDERS.add(folder);
        return folder;
    }

    /** Registers a cloud to be closed before the folders are deleted. */
    static void closeAtTheEnd(LocalDeployment cloud) {
        CLOUDS.add(cloud);
    }
}
