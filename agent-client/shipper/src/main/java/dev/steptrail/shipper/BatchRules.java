package dev.steptrail.shipper;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.tracker.internal.outbox.OutboxLine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * How many lines go together in a batch: 20, or 64 KiB, or what came within 5 s, whichever is reached first; and how many messages go
 * together in a request to SQS: 10, or 256 KiB.
 */
final class BatchRules {
    /** SQS bills each 64 KiB; more records in a message would only make a failed one dearer. */
    static final int MAX_RECORDS = 20;

    static final int MAX_BYTES = 64 * 1024;

    /** So long a line waits at most for others to go with it. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    /** How often a shipper looks for new lines: one that is found was written since the last look. */
    static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    static final int MAX_REQUEST_MESSAGES = 10;

    /** The limit of SQS before it became 1 MiB, which other servers may still have. */
    static final int MAX_REQUEST_BYTES = 256 * 1024;

    /** What the attribute {@code content-encoding} of a message counts: its name, its type and its value. */
    private static final int ATTRIBUTE_BYTES = 64;

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

    /** The same messages in the same order, by request; a message larger than the limit is alone in its request. */
    static <T> List<List<T>> requests(List<T> messages, Function<T, MessageBody> body) {
        List<List<T>> requests = new ArrayList<>();
        List<T> request = new ArrayList<>();
        int bytes = 0;
        for (T message : messages) {
            int more = bytes(body.apply(message));
            if (!request.isEmpty() && (request.size() == MAX_REQUEST_MESSAGES || bytes + more > MAX_REQUEST_BYTES)) {
                requests.add(request);
                request = new ArrayList<>();
                bytes = 0;
            }
            request.add(message);
            bytes += more;
        }
        if (!request.isEmpty()) {
            requests.add(request);
        }
        return requests;
    }

    static int bytes(MessageBody body) {
        boolean ascii = body.contentEncoding() != null;
        return (ascii ? body.text().length() : body.text().getBytes(UTF_8).length) + ATTRIBUTE_BYTES;
    }
}
