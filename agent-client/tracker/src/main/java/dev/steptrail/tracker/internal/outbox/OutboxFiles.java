package dev.steptrail.tracker.internal.outbox;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Files and folders of an outbox. New ones can be read by their owner alone (folders 0700, files 0600), since they show what
 * phones showed; where the file system has no such modes, as on Windows, they inherit those of their parent folder. Unknown
 * programs write into an outbox, so links are never followed, and pipes, which could block for ever, are never opened.
 */
final class OutboxFiles {
    private static final FileAttribute<?>[] FOLDER = mode("rwx------");
    private static final FileAttribute<?>[] FILE = mode("rw-------");
    private static final FileAttribute<?>[] INHERITED = {};

    /** The JVM copies what is written at once into a direct buffer, which it keeps for each thread. */
    private static final int CHUNK_BYTES = 64 * 1024;

    private OutboxFiles() {}

    private static FileAttribute<?>[] mode(String permissions) {
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        };
    }

    static boolean supportsPosixPermissions(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    static void createFolder(Path folder) throws IOException {
        Files.createDirectory(folder, supportsPosixPermissions(folder) ? FOLDER : INHERITED);
    }

    /** Creates a folder and its missing parents. A folder that exists keeps its mode. */
    static void createFolders(Path folder) throws IOException {
        Files.createDirectories(folder, supportsPosixPermissions(folder) ? FOLDER : INHERITED);
    }

    /**
     * Reads the attributes of a file.
     *
     * @throws NoSuchFileException if there is nothing of this name
     * @throws FileSystemException if it is not a regular file
     */
    static BasicFileAttributes attributes(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS);
        if (!attributes.isRegularFile()) {
            throw new FileSystemException(
                    file.toString(), null, "is a link, a folder or a device: a file must be there");
        }
        return attributes;
    }

    /** Whether there is a file of this name. */
    static boolean exists(Path file) throws IOException {
        try {
            attributes(file);
            return true;
        } catch (NoSuchFileException none) {
            return false;
        }
    }

    /** Opens a file, which {@code how} may create. */
    static FileChannel open(Path file, OpenOption... how) throws IOException {
        if (Files.exists(file, NOFOLLOW_LINKS)) {
            attributes(file);
        }
        Set<OpenOption> options = new HashSet<>(Set.of(how));
        options.add(NOFOLLOW_LINKS);
        return FileChannel.open(file, options, supportsPosixPermissions(file) ? FILE : INHERITED);
    }

    /** Reads at most {@code maxBytes} from {@code offset} on. */
    static byte[] read(Path file, long offset, int maxBytes) throws IOException {
        try (FileChannel channel = open(file, StandardOpenOption.READ)) {
            return Channels.newInputStream(channel.position(offset)).readNBytes(maxBytes);
        }
    }

    static void writeAll(FileChannel channel, byte[]... parts) throws IOException {
        for (byte[] part : parts) {
            writeAll(channel, ByteBuffer.wrap(part));
        }
    }

    /** Writes all that remains of {@code bytes}; if it fails, what could not be written remains. */
    static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        int end = bytes.limit();
        try {
            while (bytes.position() < end) {
                bytes.limit(Math.min(end, bytes.position() + CHUNK_BYTES));
                channel.write(bytes);
            }
        } finally {
            bytes.limit(end);
        }
    }

    /**
     * Writes a file under the name of {@link #temporaryFile} and renames it: a reader finds the old content or the new one.
     *
     * @param disk forces the content to the disk before the file is renamed; null if a power cut may empty it
     * @throws IOException if that failed; the old content is still there
     */
    static void replaceAtomically(Path file, byte[] content, @Nullable DiskSync disk) throws IOException {
        Path temporary = temporaryFile(file);
        Files.deleteIfExists(temporary);
        try {
            try (FileChannel channel = open(temporary, CREATE_NEW, WRITE)) {
                writeAll(channel, content);
                if (disk != null) {
                    disk.syncFile(temporary, channel);
                }
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
    }

    /** The name under which a file is written before it gets its own. */
    static Path temporaryFile(Path file) {
        return file.resolveSibling(file.getFileName() + ".tmp");
    }

    /** Removes a file, or a folder with everything in it; does nothing if there is none. Another process may remove the same. */
    static void deleteRecursively(Path path) throws IOException {
        if (Files.isDirectory(path, NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> children = Files.newDirectoryStream(path)) {
                for (Path child : children) {
                    deleteRecursively(child);
                }
            } catch (NoSuchFileException e) {
                return;
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
        }
        Files.deleteIfExists(path);
    }
}
