package dev.steptrail.tracker.internal.outbox;

import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.StepRecord;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * A record as a line of {@code steps.jsonl}, one after the other in the same memory: what the writer thread leaves behind
 * for the garbage collector is what stops the agent's threads. Not thread-safe.
 */
final class RecordLineEncoder extends ByteArrayOutputStream {
    private static final int USUAL_BYTES = 4 * 1024;

    /** What a line made the memory grow to is kept up to here. */
    private static final int KEPT_BYTES = 64 * 1024;

    RecordLineEncoder() {
        super(USUAL_BYTES);
    }

    /**
     * Takes a record in the place of the one before.
     *
     * @throws IllegalArgumentException if it is longer than any reader takes: 16 MiB
     */
    RecordLineEncoder encode(StepRecord record) {
        reset();
        if (buf.length > KEPT_BYTES) {
            buf = new byte[USUAL_BYTES];
        }
        write('\n');
        RecordCodec.encode(record, this);
        write('\n');
        if (jsonBytes() > OutboxLine.MAX_BYTES) {
            throw new IllegalArgumentException(
                    "the record has " + jsonBytes() + " bytes, and may have " + OutboxLine.MAX_BYTES);
        }
        return this;
    }

    /** How long the record is, without the line feeds around it. */
    int jsonBytes() {
        return count - 2;
    }

    /**
     * What is to be written, good until the next record.
     *
     * @param withLeadingLineFeed whether it begins with a line feed, since what stands before it may have none
     */
    ByteBuffer bytes(boolean withLeadingLineFeed) {
        int from = withLeadingLineFeed ? 0 : 1;
        return ByteBuffer.wrap(buf, from, count - from);
    }
}
