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

/** Appends lines to a task's {@code steps.jsonl}, which has no other writer. Not thread-safe. */
final class StepsFileWriter implements Closeable {
    private final Path path;
    private FileChannel channel;
    private @Nullable Object fileKey;

    /** The end of the last complete line, to which a failed write is truncated. */
    private long end;

    /** Whether the file may end with an incomplete line. */
    private boolean mayBeIncomplete;

    StepsFileWriter(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        this.fileKey = OutboxFiles.attributes(path).fileKey();
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
     * Returns whether the file exists. If it was replaced, for example by an editor that saved it, opens the new file
     * so that lines are appended to it.
     */
    boolean reopenIfReplaced() throws IOException {
        Object currentKey;
        try {
            currentKey = OutboxFiles.attributes(path).fileKey();
        } catch (NoSuchFileException removed) {
            return false;
        }
        if (!Objects.equals(fileKey, currentKey) || !channel.isOpen()) {
            channel.close();
            channel = OutboxFiles.open(path, APPEND);
            fileKey = currentKey;
            end = channel.size();
            mayBeIncomplete = end > 0;
        }
        return true;
    }

    /**
     * Appends a record as a line.
     *
     * @return the number of bytes written
     * @throws IOException if the line could not be written completely. The file is then truncated to its last complete
     *     line. If that fails too, the next line starts with a line feed, so that only this line is lost
     */
    int append(byte[] json) throws IOException {
        ByteBuffer unwritten = ByteBuffer.allocate(json.length + 2);
        if (mayBeIncomplete) {
            unwritten.put((byte) '\n');
        }
        int length = unwritten.put(json).put((byte) '\n').flip().remaining();
        try {
            OutboxFiles.writeAll(channel, unwritten);
            end += length;
            mayBeIncomplete = false;
        } finally {
            if (unwritten.hasRemaining()) {
                rollBack(length - unwritten.remaining());
            }
        }
        return length;
    }

    private void rollBack(int written) {
        long fileEnd = end + written;
        if (mayBeIncomplete && written > 0) {
            // Keep the leading line feed, because a reader may already have read past it.
            end++;
            mayBeIncomplete = false;
        }
        try {
            channel.truncate(end);
        } catch (IOException e) {
            end = fileEnd;
            mayBeIncomplete = true;
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
