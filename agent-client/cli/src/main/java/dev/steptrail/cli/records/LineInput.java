package dev.steptrail.cli.records;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads lines of UTF-8 in bounded memory; malformed bytes become U+FFFD. Not thread-safe. */
final class LineInput {
    /** Large enough for a screenshot of 64 MiB in base64 and a record of 16 MiB. */
    static final int MAX_LINE_BYTES = 128 * 1024 * 1024;

    private static final int CHUNK = 64 * 1024;

    private final InputStream in;
    private final int maxLineBytes;
    private final byte[] chunk = new byte[CHUNK];
    private int position;
    private int end;

    LineInput(InputStream in) {
        this(in, MAX_LINE_BYTES);
    }

    LineInput(InputStream in, int maxLineBytes) {
        this.in = in;
        this.maxLineBytes = maxLineBytes;
    }

    /**
     * Returns the next line without its line feed; null at the end of the input.
     *
     * @throws InvalidInputException if the line is too long or does not fit into memory; the line is then skipped
     */
    @Nullable
    String next() throws IOException, InvalidInputException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
        long length = 0;
        String problem = null;
        boolean foundLineFeed = false;
        while (!foundLineFeed && fillChunk()) {
            int lineEnd = findLineFeed(chunk, position, end);
            length += lineEnd - position;
            if (length > maxLineBytes) {
                problem = "the line has more than " + maxLineBytes + " bytes";
            } else if (problem == null) {
                try {
                    line.write(chunk, position, lineEnd - position);
                } catch (OutOfMemoryError e) { // the rest of the line must be skipped
                    problem = "the line does not fit into memory";
                }
            }
            line = problem == null ? line : new ByteArrayOutputStream(0);
            foundLineFeed = lineEnd < end;
            position = foundLineFeed ? lineEnd + 1 : lineEnd;
        }
        if (problem != null) {
            throw new InvalidInputException(problem, true);
        }
        return foundLineFeed || length > 0 ? line.toString(StandardCharsets.UTF_8) : null;
    }

    /** Returns the position of the first line feed; {@code end} if there is none. */
    private static int findLineFeed(byte[] bytes, int begin, int end) {
        int position = begin;
        while (position < end && bytes[position] != '\n') {
            position++;
        }
        return position;
    }

    private boolean fillChunk() throws IOException {
        if (position == end) {
            position = 0;
            end = Math.max(0, in.read(chunk));
        }
        return end > 0;
    }
}
