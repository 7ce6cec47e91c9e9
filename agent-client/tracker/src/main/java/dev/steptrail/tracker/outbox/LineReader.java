package dev.steptrail.tracker.outbox;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads whole lines from an offset on. It looks for the end of a line before it takes any memory for it: an unfinished line
 * costs 64 KiB, however long it is.
 */
final class LineReader implements Closeable {
    private final FileChannel channel;
    private final byte[] chunk = new byte[64 * 1024];
    private long chunkStart;
    private int chunkLength;
    private long position;

    private LineReader(FileChannel channel, long position) {
        this.channel = channel;
        this.position = position;
    }

    static LineReader open(Path file, long offset) throws IOException {
        return new LineReader(PlainFile.open(file, StandardOpenOption.READ), offset);
    }

    /** The next line; null if it is unfinished, ends behind {@code upTo}, or is longer than any record. */
    @Nullable
    OutboxLine next(long upTo) throws IOException {
        long lineFeed = lineFeed(position, Math.min(upTo, position + OutboxLine.MAX_BYTES + 1L));
        return lineFeed < 0 ? null : lineTo(lineFeed);
    }

    /** The next line, which ends with the line feed that is there. */
    OutboxLine lineTo(long lineFeed) throws IOException {
        byte[] json = bytes(position, (int) (lineFeed - position));
        position = lineFeed + 1;
        return new OutboxLine(json, position);
    }

    /** Goes on at another offset. */
    void skipTo(long offset) {
        position = offset;
    }

    /** Where the first line feed from {@code from} on and before {@code upTo} is; {@code ~end} if there is none up to that end. */
    long lineFeed(long from, long upTo) throws IOException {
        long offset = from;
        while (offset < upTo && fillFrom(offset)) {
            int end = (int) Math.min(chunkLength, upTo - chunkStart);
            for (int i = (int) (offset - chunkStart); i < end; i++) {
                if (chunk[i] == '\n') {
                    return chunkStart + i;
                }
            }
            offset = chunkStart + end;
        }
        return ~offset;
    }

    /** At most {@code count} bytes from {@code from} on. */
    byte[] bytes(long from, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count);
        if (from >= chunkStart && from + count <= chunkStart + chunkLength) {
            return bytes.put(chunk, (int) (from - chunkStart), count).array();
        }
        while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) > 0) {
            // The rest follows.
        }
        return bytes.hasRemaining() ? Arrays.copyOf(bytes.array(), bytes.position()) : bytes.array();
    }

    /** Whether there is a byte at the offset, which then is in the chunk. */
    private boolean fillFrom(long offset) throws IOException {
        if (offset < chunkStart || offset >= chunkStart + chunkLength) {
            chunkStart = offset;
            chunkLength = Math.max(0, channel.read(ByteBuffer.wrap(chunk), offset));
        }
        return chunkLength > 0;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
