package dev.steptrail.tracker.outbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Makes folders (0700) and files (0600) that nobody but their owner can read, since they show what phones showed. Where the
 * file system knows no such modes, as on Windows, they are as their parent folder has it.
 */
final class OwnerOnly {
    private static final FileAttribute<?>[] FOLDER = mode("rwx------");
    private static final FileAttribute<?>[] FILE = mode("rw-------");
    private static final FileAttribute<?>[] INHERITED = {};

    private OwnerOnly() {}

    static void createFolder(Path folder) throws IOException {
        Files.createDirectory(folder, hasModes(folder) ? FOLDER : INHERITED);
    }

    /** Likewise those above it that are missing; one that is there stays as it is. */
    static void createFolders(Path folder) throws IOException {
        Files.createDirectories(folder, hasModes(folder) ? FOLDER : INHERITED);
    }

    /** What a file that is made now gets. */
    static FileAttribute<?>[] modeOf(Path file) {
        return hasModes(file) ? FILE : INHERITED;
    }

    static boolean hasModes(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static FileAttribute<?>[] mode(String permissions) {
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        };
    }
}
