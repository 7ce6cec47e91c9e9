package dev.steptrail.tracker.outbox;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a task's {@code steps.jsonl} as a reader meets them, who comes again and again. A line that is longer than any
 * record, finished or not, is gone through in pieces, and none of it twice. Not thread-safe.
 */
final class StepLines {
    /** So much of a line that is too long is gone through at a time: some milliseconds. */
    private static final int PIECE_BYTES = 8 * 1024 * 1024;

    private final Path file;
    private final Map<Long, LongLine> longLines = new HashMap<>();
    private @Nullable Object key;
    private @Nullable Unfinished unfinished;

    /** How far a line that is too long was looked at; if it has ended, where. */
    private record LongLine(long end, boolean ended) {}

    /** What was found unfinished, to be looked at again when it has changed. */
    private record Unfinished(long offset, long size, FileTime lastWritten) {}

    StepLines(Path file) {
        this.file = file;
    }

    /** Bytes that are written; 0 before there are any. */
    long size() throws IOException {
        try {
            return PlainFile.attributes(file).size();
        } catch (NoSuchFileException notYet) {
            return 0;
        }
    }

    /** As {@link OutboxTask#linesFrom}. */
    List<OutboxLine> from(long offset, int maxBytes) throws IOException {
        if (size() <= offset) {
            return List.of();
        }
        BasicFileAttributes now = PlainFile.attributes(file);
        forgetIfReplaced(now);
        Unfinished here = new Unfinished(offset, now.size(), now.lastModifiedTime());
        if (here.equals(unfinished)) {
            return List.of();
        }
        List<OutboxLine> lines = new ArrayList<>();
        try (LineReader reader = LineReader.open(file, offset)) {
            OutboxLine line = first(reader, offset);
            while (line != null) {
                lines.add(line);
                line = reader.next(offset + maxBytes);
            }
        }
        unfinished = lines.isEmpty() && !longLines.containsKey(offset) ? here : null;
        return lines;
    }

    /** As {@link OutboxTask#isWithinLongLine}. */
    boolean isWithinLongLine(long offset) throws IOException {
        LongLine line = longLines.get(offset);
        return line != null && !line.ended() && line.end() < size();
    }

    /** The last whole line that is not blank, if it begins in the last {@code tail} bytes. */
    Optional<OutboxLine> last(int tail) throws IOException {
        long size = size();
        long from = Math.max(0, size - tail);
        if (size == 0) {
            return Optional.empty();
        }
        OutboxLine last = null;
        try (LineReader reader = LineReader.open(file, from)) {
            boolean whole = from == 0;
            for (OutboxLine line = reader.next(size); line != null; line = reader.next(size)) {
                last = whole && !line.isBlank() ? line : last;
                whole = true;
            }
        }
        return Optional.ofNullable(last);
    }

    /** What follows {@code offset}, which no line feed ends. */
    OutboxLine unfinishedFrom(long offset) throws IOException {
        long size = size();
        boolean tooLong = size - offset > OutboxLine.MAX_BYTES;
        int kept = tooLong ? OutboxLine.KEPT_BYTES : OutboxLine.MAX_BYTES;
        return new OutboxLine(PlainFile.read(file, offset, kept), size, tooLong);
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
        LongLine line = known.ended() ? known : lookOn(reader, known.end());
        longLines.put(offset, line);
        if (!line.ended()) {
            return null;
        }
        reader.skipTo(line.end());
        return new OutboxLine(reader.bytes(offset, OutboxLine.KEPT_BYTES), line.end(), true);
    }

    private static LongLine lookOn(LineReader reader, long from) throws IOException {
        long found = reader.lineFeed(from, from + PIECE_BYTES);
        return found < 0 ? new LongLine(~found, false) : new LongLine(found + 1, true);
    }

    /** Where it is another file, or bytes were taken back that had been looked at. */
    private void forgetIfReplaced(BasicFileAttributes now) {
        if (!Objects.equals(key, now.fileKey())) {
            key = now.fileKey();
            longLines.clear();
            unfinished = null;
        }
        longLines.values().removeIf(line -> line.end() > now.size());
    }
}
