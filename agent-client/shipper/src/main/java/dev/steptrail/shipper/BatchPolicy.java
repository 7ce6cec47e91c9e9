package dev.steptrail.shipper;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.tracker.internal.outbox.OutboxLine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The limits of batches and SQS requests. A batch is complete at 20 lines, 64 KiB or 5 s, whichever is reached first. A
 * request contains at most 10 messages and 256 KiB.
 */
final class BatchPolicy {
    /** SQS bills per 64 KiB, so more records in a message save nothing and make a retry more expensive. */
    static final int MAX_RECORDS = 20;

    static final int MAX_BYTES = 64 * 1024;

    /** The longest time that a line waits for more lines. */
    static final Duration MAX_WAIT = Duration.ofSeconds(5);

    /** The poll interval for new lines, and thus the maximum age of a line when it is found. */
    static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

    static final int MAX_REQUEST_MESSAGES = 10;

    /** SQS accepts 1 MiB, but compatible servers may still have its former limit of 256 KiB. */
    static final int MAX_REQUEST_BYTES = 256 * 1024;

    /** An upper limit of the size of the {@code content-encoding} attribute: its name, type and value. */
    private static final int ATTRIBUTE_BYTES = 64;

    private BatchPolicy() {}

    /** Returns how many lines, from the offset {@code start}, fit into a batch: at least one unless there is none. */
    static int countFitting(List<OutboxLine> lines, long start) {
        int count = 0;
        while (count < Math.min(lines.size(), MAX_RECORDS)
                && (count == 0 || lines.get(count).end() - start <= MAX_BYTES)) {
            count++;
        }
        return count;
    }

    /** Returns whether a batch of the first {@code count} lines is full. */
    static boolean isFull(List<OutboxLine> lines, int count, long start) {
        return count == MAX_RECORDS
                || count < lines.size()
                || (count > 0 && lines.get(count - 1).end() - start >= MAX_BYTES);
    }

    /**
     * Returns whether lines that have waited for {@code waited} would exceed {@link #MAX_WAIT} at the next poll. A
     * negative time means that the clock was set back, so the lines are due.
     */
    static boolean isDue(Duration waited) {
        return waited.isNegative() || waited.plus(POLL_INTERVAL).compareTo(MAX_WAIT) >= 0;
    }

    /** Splits messages into requests, in order. A message larger than the limit gets a request to itself. */
    static <T> List<List<T>> splitIntoRequests(List<T> messages, Function<T, MessageBody> body) {
        List<List<T>> requests = new ArrayList<>();
        List<T> request = new ArrayList<>();
        int bytes = 0;
        for (T message : messages) {
            int messageBytes = sizeOf(body.apply(message));
            if (!request.isEmpty()
                    && (request.size() == MAX_REQUEST_MESSAGES || bytes + messageBytes > MAX_REQUEST_BYTES)) {
                requests.add(request);
                request = new ArrayList<>();
                bytes = 0;
            }
            request.add(message);
            bytes += messageBytes;
        }
        if (!request.isEmpty()) {
            requests.add(request);
        }
        return requests;
    }

    static int sizeOf(MessageBody body) {
        boolean isBase64 = body.contentEncoding() != null;
        return (isBase64 ? body.text().length() : body.text().getBytes(UTF_8).length) + ATTRIBUTE_BYTES;
    }
}
