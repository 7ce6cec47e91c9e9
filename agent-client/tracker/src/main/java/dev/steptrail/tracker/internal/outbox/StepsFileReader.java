package dev.steptrail.tracker.internal.outbox;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of a task's {@code steps.jsonl}, which may grow between calls. An overlong line is scanned in chunks;
 * no byte is scanned twice, even if the line is incomplete. Not thread-safe.
 */
final class StepsFileReader {
    /** How much of an overlong line is scanned in one call, which takes a few milliseconds. */
    private static final int SCAN_BYTES = 8 * 1024 * 1024;

    private final Path file;
    private final Map<Long, OverlongLine> overlongLines = new HashMap<>();
    private @Nullable Object fileKey;
    private @Nullable IncompleteLine incompleteLine;

    /** An overlong line: the offset up to which it is scanned or, if {@code complete}, the offset of the next line. */
    private record OverlongLine(long end, boolean complete) {}

    /** The file's state when an incomplete line was found. The line is scanned again only if the state has changed. */
    private record IncompleteLine(long offset, long size, FileTime lastWritten) {}

    StepsFileReader(Path file) {
        this.file = file;
    }

    /** Returns the size of the file; 0 if it does not exist yet. */
    long size() throws IOException {
        try {
            return OutboxFiles.attributes(file).size();
        } catch (NoSuchFileException notYet) {
            return 0;
        }
    }

    /** See {@link OutboxTask#linesFrom}. */
    List<OutboxLine> readFrom(long offset, int maxBytes) throws IOException {
        if (size() <= offset) {
            return List.of();
        }
        BasicFileAttributes attributes = OutboxFiles.attributes(file);
        resetIfReplaced(attributes);
        IncompleteLine current = new IncompleteLine(offset, attributes.size(), attributes.lastModifiedTime());
        if (current.equals(incompleteLine)) {
            return List.of();
        }
        List<OutboxLine> lines = new ArrayList<>();
        try (LineReader reader = new LineReader(file, offset)) {
            OutboxLine line = readFirst(reader, offset);
            while (line != null) {
                lines.add(line);
                line = reader.readLine(offset + maxBytes);
            }
        }
        incompleteLine = lines.isEmpty() && !overlongLines.containsKey(offset) ? current : null;
        return lines;
    }

    /** See {@link OutboxTask#isInsideOverlongLine}. */
    boolean isInsideOverlongLine(long offset) throws IOException {
        OverlongLine line = overlongLines.get(offset);
        return line != null && !line.complete() && line.end() < size();
    }

    /** Returns the last complete line that is not blank, if it starts within the last {@code tailBytes}. */
    Optional<OutboxLine> readLast(int tailBytes) throws IOException {
        long size = size();
        long from = Math.max(0, size - tailBytes);
        if (size == 0) {
            return Optional.empty();
        }
        OutboxLine last = null;
        try (LineReader reader = new LineReader(file, from)) {
            boolean startsAtLine = from == 0;
            for (OutboxLine line = reader.readLine(size); line != null; line = reader.readLine(size)) {
                last = startsAtLine && !line.isBlank() ? line : last;
                startsAtLine = true;
            }
        }
        return Optional.ofNullable(last);
    }

    /** See {@link OutboxTask#readIncompleteLine}. */
    OutboxLine readIncomplete(long offset) throws IOException {
        long size = size();
        boolean tooLong = size - offset > OutboxLine.MAX_BYTES;
        int maxBytes = tooLong ? OutboxLine.KEPT_BYTES : OutboxLine.MAX_BYTES;
        return new OutboxLine(OutboxFiles.read(file, offset, maxBytes), size, tooLong);
    }

    /** Returns the line at {@code offset}; null if it is incomplete or not yet completely scanned. */
    private @Nullable OutboxLine readFirst(LineReader reader, long offset) throws IOException {
        OverlongLine line = overlongLines.get(offset);
        if (line == null) {
            long maxEnd = offset + OutboxLine.MAX_BYTES;
            long lineFeed = reader.findLineFeed(offset, maxEnd + 1);
            if (lineFeed >= 0) {
                return reader.readLineTo(lineFeed);
            } else if (~lineFeed <= maxEnd) {
                return null;
            }
            line = new OverlongLine(~lineFeed, false);
        }
        line = line.complete() ? line : continueScan(reader, line.end());
        overlongLines.put(offset, line);
        if (!line.complete()) {
            return null;
        }
        reader.position = line.end();
        return new OutboxLine(reader.readBytes(offset, OutboxLine.KEPT_BYTES), line.end(), true);
    }

    private static OverlongLine continueScan(LineReader reader, long from) throws IOException {
        long lineFeed = reader.findLineFeed(from, from + SCAN_BYTES);
        return lineFeed < 0 ? new OverlongLine(~lineFeed, false) : new OverlongLine(lineFeed + 1, true);
    }

    /** Discards scan results if the file was replaced, or truncated below a scanned offset. */
    private void resetIfReplaced(BasicFileAttributes attributes) {
        if (!Objects.equals(fileKey, attributes.fileKey())) {
            fileKey = attributes.fileKey();
            overlongLines.clear();
            incompleteLine = null;
        }
        overlongLines.values().removeIf(line -> line.end() > attributes.size());
    }

    /**
     * Reads complete lines from an offset. It finds the end of a line before it allocates memory for it, so that an
     * incomplete line of any length takes 64 KiB.
     */
    private static final class LineReader implements Closeable {
        private final FileChannel channel;
        private final byte[] chunk = new byte[64 * 1024];
        private long chunkStart;
        private int chunkLength;
        private long position;

        LineReader(Path file, long offset) throws IOException {
            channel = OutboxFiles.open(file, StandardOpenOption.READ);
            position = offset;
        }

        /** Returns the next line; null if it is incomplete, overlong, or ends after {@code maxEnd}. */
        @Nullable
        OutboxLine readLine(long maxEnd) throws IOException {
            long lineFeed = findLineFeed(position, Math.min(maxEnd, position + OutboxLine.MAX_BYTES + 1L));
            return lineFeed < 0 ? null : readLineTo(lineFeed);
        }

        /** Returns the next line, which ends at {@code lineFeed}. */
        OutboxLine readLineTo(long lineFeed) throws IOException {
            byte[] json = readBytes(position, (int) (lineFeed - position));
            position = lineFeed + 1;
            return new OutboxLine(json, position);
        }

        /** Returns the offset of the first line feed in a range, otherwise {@code ~offset} of the end of the scan. */
        long findLineFeed(long from, long to) throws IOException {
            long offset = from;
            while (offset < to && loadChunk(offset)) {
                int end = (int) Math.min(chunkLength, to - chunkStart);
                for (int i = (int) (offset - chunkStart); i < end; i++) {
                    if (chunk[i] == '\n') {
                        return chunkStart + i;
                    }
                }
                offset = chunkStart + end;
            }
            return ~offset;
        }

        /** Returns at most {@code count} bytes from {@code from}. */
        byte[] readBytes(long from, int count) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(count);
            if (from >= chunkStart && from + count <= chunkStart + chunkLength) {
                return bytes.put(chunk, (int) (from - chunkStart), count).array();
            }
            while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) > 0) {
                // A read may return fewer bytes than requested.
            }
            return bytes.hasRemaining() ? Arrays.copyOf(bytes.array(), bytes.position()) : bytes.array();
        }

        /** Loads the chunk that contains {@code offset}; returns false if the file ends before it. */
        private boolean loadChunk(long offset) throws IOException {
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
}
