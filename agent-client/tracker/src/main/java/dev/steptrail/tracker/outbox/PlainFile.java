package dev.steptrail.tracker.outbox;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;

/**
 * A file of an outbox, into which programs write that we do not know: never what a link leads to, which may lie elsewhere,
 * and never a pipe, at which one could wait for ever.
 */
final class PlainFile {
    /** The JVM copies what is written at once into memory of its own, and keeps that for each thread. */
    private static final int PIECE = 64 * 1024;

    private PlainFile() {}

    /**
     * What the file system knows of it.
     *
     * @throws NoSuchFileException if there is nothing of this name
     * @throws FileSystemException if it is no file
     */
    static BasicFileAttributes attributes(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS);
        if (!attributes.isRegularFile()) {
            throw new FileSystemException(
                    file.toString(), null, "is a link, a folder or a device: a file must be there");
        }
        return attributes;
    }

    /** Opens it; {@code how} may say that it is made where nothing has its name, for its owner alone. */
    static FileChannel open(Path file, OpenOption... how) throws IOException {
        if (Files.exists(file, NOFOLLOW_LINKS)) {
            attributes(file);
        }
        Set<OpenOption> options = new HashSet<>(Set.of(how));
        options.add(NOFOLLOW_LINKS);
        return FileChannel.open(file, options, OwnerOnly.modeOf(file));
    }

    static boolean exists(Path file) throws IOException {
        try {
            attributes(file);
            return true;
        } catch (NoSuchFileException none) {
            return false;
        }
    }

    /** At most {@code maxBytes} of it, from {@code offset} on. */
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
                bytes.limit(Math.min(end, bytes.position() + PIECE));
                channel.write(bytes);
            }
        } finally {
            bytes.limit(end);
        }
    }
}
