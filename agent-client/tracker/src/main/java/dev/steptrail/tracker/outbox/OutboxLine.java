package dev.steptrail.tracker.outbox;

/**
 * A line of {@code steps.jsonl}.
 *
 * @param json the line without its line feed; not to be changed
 * @param end the offset of the next line
 */
@SuppressWarnings("ArrayRecordComponent") // lines are read and handed on, never compared
public record OutboxLine(byte[] json, long end) {
    /** Whether there is nothing on it: a writer leaves such a line when it starts anew after a failed write. */
    public boolean isBlank() {
        for (byte b : json) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }
}
