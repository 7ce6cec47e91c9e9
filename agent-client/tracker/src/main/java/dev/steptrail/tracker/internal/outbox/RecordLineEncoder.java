package dev.steptrail.tracker.internal.outbox;

import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.StepRecord;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * Encodes records as lines of {@code steps.jsonl}. Reuses its buffer, because garbage collections also pause the
 * agent's threads. Not thread-safe.
 */
final class RecordLineEncoder extends ByteArrayOutputStream {
    private static final int INITIAL_BYTES = 4 * 1024;

    /** A buffer that has grown beyond this size is replaced. */
    private static final int MAX_REUSED_BYTES = 64 * 1024;

    RecordLineEncoder() {
        super(INITIAL_BYTES);
    }

    /**
     * Encodes a record, replacing the previous one.
     *
     * @throws IllegalArgumentException if the record exceeds the maximum of 16 MiB
     */
    RecordLineEncoder encode(StepRecord record) {
        reset();
        if (buf.length > MAX_REUSED_BYTES) {
            buf = new byte[INITIAL_BYTES];
        }
        write('\n');
        RecordCodec.encode(record, this);
        write('\n');
        if (jsonBytes() > OutboxLine.MAX_BYTES) {
            throw new IllegalArgumentException(
                    "the record has " + jsonBytes() + " bytes; the maximum is " + OutboxLine.MAX_BYTES);
        }
        return this;
    }

    /** Returns the size of the record without its line feeds. */
    int jsonBytes() {
        return count - 2;
    }

    /**
     * Returns the encoded line, valid until the next call of {@link #encode}.
     *
     * @param withLeadingLineFeed whether to start with a line feed, because the file may end with an incomplete line
     */
    ByteBuffer bytes(boolean withLeadingLineFeed) {
        int from = withLeadingLineFeed ? 0 : 1;
        return ByteBuffer.wrap(buf, from, count - from);
    }
}
