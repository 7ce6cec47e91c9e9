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
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * File operations of an outbox. New folders have mode 0700 and new files 0600, because screenshots may show private
 * data; on file systems without POSIX permissions, such as on Windows, they inherit those of their parent folder.
 * Untrusted programs may write to an outbox, so links are not followed, and pipes, which could block, are not opened.
 */
final class OutboxFiles {
    private static final FileAttribute<?>[] FOLDER_MODE = mode("rwx------");
    private static final FileAttribute<?>[] FILE_MODE = mode("rw-------");
    private static final FileAttribute<?>[] INHERITED_MODE = {};

    /** Limits the direct buffer that the JVM allocates for each write and then caches for the thread. */
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
        Files.createDirectory(folder, supportsPosixPermissions(folder) ? FOLDER_MODE : INHERITED_MODE);
    }

    /** Creates a folder and its missing parents. Existing folders keep their mode. */
    static void createFolders(Path folder) throws IOException {
        Files.createDirectories(folder, supportsPosixPermissions(folder) ? FOLDER_MODE : INHERITED_MODE);
    }

    /**
     * Reads the attributes of a file.
     *
     * @throws NoSuchFileException if the file does not exist
     * @throws FileSystemException if it is not a regular file
     */
    static BasicFileAttributes attributes(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS);
        if (!attributes.isRegularFile()) {
            throw new FileSystemException(
                    file.toString(), null, "is a link, a folder or a device; a regular file is required");
        }
        return attributes;
    }

    static boolean exists(Path file) throws IOException {
        try {
            attributes(file);
            return true;
        } catch (NoSuchFileException none) {
            return false;
        }
    }

    /** Opens a file without following links. A file that is created gets the permissions of this class. */
    static FileChannel open(Path file, OpenOption... options) throws IOException {
        if (Files.exists(file, NOFOLLOW_LINKS)) {
            attributes(file);
        }
        Set<OpenOption> allOptions = new HashSet<>(Set.of(options));
        allOptions.add(NOFOLLOW_LINKS);
        return FileChannel.open(file, allOptions, supportsPosixPermissions(file) ? FILE_MODE : INHERITED_MODE);
    }

    /** Reads at most {@code maxBytes} from {@code offset}. */
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

    /** Writes the content of the buffer. If that fails, the unwritten bytes remain in the buffer. */
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
     * Writes {@link #temporaryFile} and renames it, so that a reader finds either the old or the new content.
     *
     * @param disk forces the content to the disk before the rename; null if the file may be empty after a power cut
     * @throws IOException if the write failed; the old content is preserved
     */
    static void replaceAtomically(Path file, byte[] content, @Nullable DiskSync disk) throws IOException {
        Path temporary = temporaryFile(file);
        Files.deleteIfExists(temporary);
        AtomicFile.replace(file, temporary, path -> {
            try (FileChannel channel = open(path, CREATE_NEW, WRITE)) {
                writeAll(channel, content);
                if (disk != null) {
                    disk.syncFile(path, channel);
                }
            }
        });
    }

    /** Returns the path of the temporary file that {@link #replaceAtomically} renames to {@code file}. */
    static Path temporaryFile(Path file) {
        return file.resolveSibling(file.getFileName() + ".tmp");
    }

    /** Deletes a file, or a folder with its content, if it exists. Another process may delete it concurrently. */
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
