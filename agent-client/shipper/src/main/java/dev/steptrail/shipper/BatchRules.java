package dev.steptrail.shipper;

import dev.steptrail.tracker.outbox.OutboxLine;
import java.time.Duration;
import java.util.List;

/** How many lines go together: 20, or 64 KiB, or what came within 5 s, whichever is reached first. */
final class BatchRules {
    /** SQS bills each 64 KiB; more records in a message would only make a failed one dearer. */
    static final int MAX_RECORDS = 20;

    static final int MAX_BYTES = 64 * 1024;

    /** So long a line waits at most for others to go with it. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    /** How often a shipper looks for new lines: one that is found was written since the last look. */
    static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private BatchRules() {}

    /** How many of the lines fit into one batch: at least one, if there is any. */
    static int fitting(List<OutboxLine> lines, long start) {
        int fitting = 0;
        while (fitting < Math.min(lines.size(), MAX_RECORDS)
                && (fitting == 0 || lines.get(fitting).end() - start <= MAX_BYTES)) {
            fitting++;
        }
        return fitting;
    }

    /** Whether nothing more fits into a batch of the first {@code count} of the lines. */
    static boolean isFull(List<OutboxLine> lines, int count, long start) {
        return count == MAX_RECORDS
                || count < lines.size()
                || (count > 0 && lines.get(count - 1).end() - start >= MAX_BYTES);
    }

    /**
     * Whether lines that have waited so long by now would have waited too long at the next look. Where a clock was set back
     * nobody knows how long, so then they have.
     */
    static boolean isDue(Duration waited) {
        return waited.isNegative() || waited.plus(BETWEEN_LOOKS).compareTo(LONGEST_WAIT) >= 0;
    }
}
