package dev.steptrail.localcloud;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** The folder that keeps all of a local cloud. What is in it is its owner's alone. */
final class DataFolder {
    private final Path path;

    DataFolder(Path path) {
        this.path = path.toAbsolutePath().normalize();
    }

    Path file(String name) {
        return path.resolve(name);
    }

    boolean holds(String name) {
        return Files.exists(file(name));
    }

    /** A folder within it, made when it is absent. */
    Path folder(String name) throws IOException {
        return Files.createDirectories(
                file(name), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /**
     * Makes this process the folder's only local cloud until the lock is closed or the process ends.
     *
     * @throws SetupException when another has it
     */
    FileChannel lock() throws IOException {
        folder("");
        FileChannel channel = FileChannel.open(file("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean locked;
        try {
            locked = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            locked = false;
        }
        if (!locked) {
            channel.close();
            throw new SetupException(
                    "a local cloud is already running on " + path + "; stop it, or choose another folder with --data");
        }
        return channel;
    }

    /** Writes a file that its owner alone may read; others see the old one or the new one, whole. */
    void write(String name, String text) throws IOException {
        Path temporary = Files.createTempFile(path, name, ".tmp"); // rw-------
        Files.writeString(temporary, text, StandardCharsets.UTF_8);
        Files.move(temporary, file(name), StandardCopyOption.ATOMIC_MOVE);
    }

    String read(String name) throws IOException {
        return Files.readString(file(name), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
