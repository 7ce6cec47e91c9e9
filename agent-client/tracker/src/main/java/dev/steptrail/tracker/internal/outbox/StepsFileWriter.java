package dev.steptrail.tracker.internal.outbox;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE_NEW;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** {@code steps.jsonl} as its one writer has it: whole lines, one behind the other. Not thread-safe. */
final class StepsFileWriter implements Closeable {
    private final Path path;
    private FileChannel channel;
    private @Nullable Object key;

    /** What of it is to stay, whatever fails. */
    private long end;

    /** Whether what is there may end within a line. */
    private boolean torn;

    StepsFileWriter(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        this.key = OutboxFiles.attributes(path).fileKey();
    }

    static StepsFileWriter create(Path path) throws IOException {
        FileChannel channel = OutboxFiles.open(path, CREATE_NEW, APPEND);
        try {
            return new StepsFileWriter(path, channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Whether something has its name. Lines are appended to that, even if it is another file than before, such as one that
     * an editor saved.
     */
    boolean reopenIfReplaced() throws IOException {
        Object found;
        try {
            found = OutboxFiles.attributes(path).fileKey();
        } catch (NoSuchFileException away) {
            return false;
        }
        if (!Objects.equals(key, found) || !channel.isOpen()) {
            channel.close();
            channel = OutboxFiles.open(path, APPEND);
            key = found;
            end = channel.size();
            torn = end > 0;
        }
        return true;
    }

    /**
     * Adds a line.
     *
     * @return how many bytes that took
     * @throws IOException if it could not be written whole. What was written of it is taken back, for it takes room. Where
     *     that cannot be, the next line begins with a line feed, so that nothing but this one is lost.
     */
    int append(RecordLineEncoder line) throws IOException {
        ByteBuffer rest = line.bytes(torn);
        int length = rest.remaining();
        try {
            OutboxFiles.writeAll(channel, rest);
            end += length;
            torn = false;
        } finally {
            if (rest.hasRemaining()) {
                rollBack(length - rest.remaining());
            }
        }
        return length;
    }

    private void rollBack(int written) {
        long reached = end + written;
        if (torn && written > 0) {
            // The line feed stays: a reader may have gone by it.
            end++;
            torn = false;
        }
        try {
            channel.truncate(end);
        } catch (IOException e) {
            end = reached;
            torn = true;
        }
    }

    void sync(DiskSync disk) throws IOException {
        disk.syncFile(path, channel);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
