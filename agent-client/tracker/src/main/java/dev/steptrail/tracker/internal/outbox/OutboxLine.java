package dev.steptrail.tracker.internal.outbox;

/**
 * A line of {@code steps.jsonl}.
 *
 * @param json the line without its line feed; not to be changed
 * @param end the offset of the next line
 * @param tooLong whether it is longer than any record, and {@code json} its beginning alone
 */
@SuppressWarnings("ArrayRecordComponent") // lines are read and handed on, never compared
public record OutboxLine(byte[] json, long end, boolean tooLong) {
    /** No record is longer, 16 MiB. */
    public static final int MAX_BYTES = 16 * 1024 * 1024;

    /** Of a longer line only so much is kept, 64 KiB: enough to see whose it is. */
    static final int KEPT_BYTES = 64 * 1024;

    /** A line that may be a record. */
    public OutboxLine(byte[] json, long end) {
        this(json, end, false);
    }

    /** Whether there is nothing on it: a writer leaves such a line when it starts anew after a failed write. */
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
