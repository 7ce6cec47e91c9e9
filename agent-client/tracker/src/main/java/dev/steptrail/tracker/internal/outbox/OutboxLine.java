package dev.steptrail.tracker.internal.outbox;

import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.StepRecord;

/**
 * A line of {@code steps.jsonl}.
 *
 * @param json the line without its line feed; callers must not change it
 * @param end the offset of the next line
 * @param tooLong whether the line exceeds {@link #MAX_BYTES}; {@code json} then contains its first 64 KiB
 */
@SuppressWarnings("ArrayRecordComponent") // lines are never compared
public record OutboxLine(byte[] json, long end, boolean tooLong) {
    /** The maximum size of a record, 16 MiB. */
    public static final int MAX_BYTES = 16 * 1024 * 1024;

    /** How much of a longer line is kept, 64 KiB, so that its task and step can be identified. */
    static final int KEPT_BYTES = 64 * 1024;

    public OutboxLine(byte[] json, long end) {
        this(json, end, false);
    }

    /**
     * Encodes a record as the JSON of a line.
     *
     * @throws IllegalArgumentException if the record exceeds the maximum of 16 MiB
     */
    static byte[] encode(StepRecord record) {
        byte[] json = RecordCodec.encode(record);
        if (json.length > MAX_BYTES) {
            throw new IllegalArgumentException("the record has " + json.length + " bytes; the maximum is " + MAX_BYTES);
        }
        return json;
    }

    /** Returns whether the line is blank. A writer may leave a blank line after a failed write. */
    public boolean isBlank() {
        if (tooLong) {
            return false;
        }
        for (byte b : json) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }
}
