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
 * Reads the lines of a task's {@code steps.jsonl}, which may grow between calls. An oversized line is scanned in
 * chunks, each byte once, even if it is incomplete. Not thread-safe.
 */
final class StepsFileReader {
    /** How much of an oversized line is scanned in one call, which takes some milliseconds. */
    private static final int SCAN_BYTES = 8 * 1024 * 1024;

    private final Path file;
    private final Map<Long, LongLine> longLines = new HashMap<>();
    private @Nullable Object key;
    private @Nullable IncompleteLine incompleteLine;

    /** The scan of an oversized line: the offset reached, or, if {@code ended}, the offset of the next line. */
    private record LongLine(long end, boolean ended) {}

    /** The state of the file when an incomplete line was found, which is not scanned again until the state changes. */
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
    List<OutboxLine> from(long offset, int maxBytes) throws IOException {
        if (size() <= offset) {
            return List.of();
        }
        BasicFileAttributes now = OutboxFiles.attributes(file);
        resetIfReplaced(now);
        IncompleteLine current = new IncompleteLine(offset, now.size(), now.lastModifiedTime());
        if (current.equals(incompleteLine)) {
            return List.of();
        }
        List<OutboxLine> lines = new ArrayList<>();
        try (LineReader reader = new LineReader(file, offset)) {
            OutboxLine line = first(reader, offset);
            while (line != null) {
                lines.add(line);
                line = reader.next(offset + maxBytes);
            }
        }
        incompleteLine = lines.isEmpty() && !longLines.containsKey(offset) ? current : null;
        return lines;
    }

    /** See {@link OutboxTask#isInsideOverlongLine}. */
    boolean isInsideOverlongLine(long offset) throws IOException {
        LongLine line = longLines.get(offset);
        return line != null && !line.ended() && line.end() < size();
    }

    /** Returns the last complete line that is not blank, if it starts within the last {@code tail} bytes. */
    Optional<OutboxLine> last(int tail) throws IOException {
        long size = size();
        long from = Math.max(0, size - tail);
        if (size == 0) {
            return Optional.empty();
        }
        OutboxLine last = null;
        try (LineReader reader = new LineReader(file, from)) {
            boolean whole = from == 0;
            for (OutboxLine line = reader.next(size); line != null; line = reader.next(size)) {
                last = whole && !line.isBlank() ? line : last;
                whole = true;
            }
        }
        return Optional.ofNullable(last);
    }

    /** See {@link OutboxTask#unfinishedLine}. */
    OutboxLine unfinishedFrom(long offset) throws IOException {
        long size = size();
        boolean tooLong = size - offset > OutboxLine.MAX_BYTES;
        int kept = tooLong ? OutboxLine.KEPT_BYTES : OutboxLine.MAX_BYTES;
        return new OutboxLine(OutboxFiles.read(file, offset, kept), size, tooLong);
    }

    private @Nullable OutboxLine first(LineReader reader, long offset) throws IOException {
        LongLine known = longLines.get(offset);
        if (known == null) {
            long fits = offset + OutboxLine.MAX_BYTES;
            long found = reader.lineFeed(offset, fits + 1);
            if (found >= 0) {
                return reader.lineTo(found);
            } else if (~found <= fits) {
                return null;
            }
            known = new LongLine(~found, false);
        }
        LongLine line = known.ended() ? known : continueScan(reader, known.end());
        longLines.put(offset, line);
        if (!line.ended()) {
            return null;
        }
        reader.position = line.end();
        return new OutboxLine(reader.bytes(offset, OutboxLine.KEPT_BYTES), line.end(), true);
    }

    private static LongLine continueScan(LineReader reader, long from) throws IOException {
        long found = reader.lineFeed(from, from + SCAN_BYTES);
        return found < 0 ? new LongLine(~found, false) : new LongLine(found + 1, true);
    }

    /** Discards scan results if the file was replaced, or truncated below a scanned offset. */
    private void resetIfReplaced(BasicFileAttributes now) {
        if (!Objects.equals(key, now.fileKey())) {
            key = now.fileKey();
            longLines.clear();
            incompleteLine = null;
        }
        longLines.values().removeIf(line -> line.end() > now.size());
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

        /** Returns the next line; null if it is incomplete, oversized, or ends after {@code upTo}. */
        @Nullable
        OutboxLine next(long upTo) throws IOException {
            long lineFeed = lineFeed(position, Math.min(upTo, position + OutboxLine.MAX_BYTES + 1L));
            return lineFeed < 0 ? null : lineTo(lineFeed);
        }

        /** Returns the next line, which ends at {@code lineFeed}. */
        OutboxLine lineTo(long lineFeed) throws IOException {
            byte[] json = bytes(position, (int) (lineFeed - position));
            position = lineFeed + 1;
            return new OutboxLine(json, position);
        }

        /** Returns the offset of the first line feed in the range; without one, {@code ~offset} of the scan's end. */
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

        /** Returns at most {@code count} bytes from {@code from}. */
        byte[] bytes(long from, int count) throws IOException {
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
}
