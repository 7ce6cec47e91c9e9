package dev.steptrail.localcloud;

import dev.steptrail.tracker.internal.outbox.AtomicFile;
import dev.steptrail.tracker.internal.outbox.FolderLock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The folder with a local cloud's data, readable by its owner only. Closing it releases its lock. */
final class DataFolder implements AutoCloseable {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final Path path;
    private @Nullable FolderLock lock;

    DataFolder(Path path) {
        this.path = path.toAbsolutePath().normalize();
    }

    Path file(String name) {
        return path.resolve(name);
    }

    boolean contains(String name) {
        return Files.exists(file(name));
    }

    /** Returns a subfolder, which only its owner may access. Creates it if it does not exist. */
    Path folder(String name) throws IOException {
        Path folder = Files.createDirectories(file(name), PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        return Files.setPosixFilePermissions(folder, OWNER_ONLY);
    }

    /**
     * Locks the folder for this process until {@link #close}. Creates it if it does not exist.
     *
     * @throws SetupException if another local cloud holds the lock
     */
    void lock() throws IOException {
        try {
            // An existing folder, such as a home directory, keeps its permissions.
            Files.createDirectories(path, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } catch (FileSystemException e) {
            throw new SetupException(
                    "the folder " + path + " cannot be created (" + reason(e) + "); choose another one with --data");
        }
        lock = FolderLock.tryAcquire(file("lock"))
                .orElseThrow(() -> new SetupException("a local cloud is already running on " + path
                        + "; stop it, or choose another folder with --data"));
    }

    /** Returns the reason for an error message, or the exception's class if it contains no reason. */
    private static String reason(FileSystemException e) {
        if (e instanceof FileAlreadyExistsException) {
            return "a file with this name exists";
        }
        return e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
    }

    /** Atomically writes a file that only its owner may read. */
    void write(String name, String text) throws IOException {
        AtomicFile.replace(file(name), temporary -> Files.writeString(temporary, text, StandardCharsets.UTF_8));
    }

    String read(String name) throws IOException {
        return Files.readString(file(name), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        if (lock != null) {
            lock.close();
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
