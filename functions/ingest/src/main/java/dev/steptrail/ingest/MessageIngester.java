package dev.steptrail.ingest;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.aws.Log;
import dev.steptrail.ingest.MessageReader.Delivery;
import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.ingest.WriteListener;
import dev.steptrail.store.ingest.WriteResult;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.jdbc.Failure;
import dev.steptrail.store.jdbc.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Decodes the messages of one batch in order and writes them to the database, for the SQS function and for
 * {@link Redelivery}. Messages are buffered, and written in one transaction when the buffer reaches
 * {@value #MAX_BUFFERED_LENGTH} characters.
 *
 * <p>If Postgres rejects the data or a statement times out, the messages are written one by one, and then the records
 * of a failing message. A record that Postgres rejects is stored as rejected, with the reason. If Postgres is
 * unavailable, the messages that are not written yet fail, and SQS delivers them again. Not thread-safe; create one
 * instance per batch.
 */
final class MessageIngester {
    /** Bounds the length of a log line. */
    static final int MAX_LOGGED_TASKS = 20;

    /**
     * The length of buffered JSON, in characters, at which the buffer is written. Decoded records take about ten times
     * as much memory, and a batch of 100 small messages may decompress to 800 MiB.
     */
    private static final int MAX_BUFFERED_LENGTH = 4 * 1024 * 1024;

    /** A statement may take this part of the remaining time, so that time is left for smaller parts after a timeout. */
    private static final int TIMEOUT_DIVISOR = 4;

    private final DatabaseStepWriter writer;
    private final Supplier<Duration> remaining;
    private final Log log;
    private final Set<String> failedMessageIds = new LinkedHashSet<>();
    private WriteResult result = WriteResult.NONE;
    private int unexpectedErrors;
    private boolean databaseUnavailable;

    /** @param remaining returns the time that remains for writing, negative after the deadline; called repeatedly */
    MessageIngester(Database database, WriteListener listener, Supplier<Duration> remaining, Log log) {
        this.writer = new DatabaseStepWriter(database, listener);
        this.remaining = remaining;
        this.log = log;
    }

    /** Writes as many messages as time allows. */
    void ingest(List<SQSMessage> messages) {
        MessageReader reader = new MessageReader(messages);
        List<Delivery> buffered = new ArrayList<>();
        int bufferedLength = 0;
        for (SQSMessage message : messages) {
            String id = message.getMessageId();
            if (isStopped()) {
                failedMessageIds.add(id);
                continue;
            }
            try {
                Delivery delivery = reader.next();
                buffered.add(delivery);
                bufferedLength += delivery.length();
            } catch (RuntimeException | StackOverflowError e) {
                log.error("unexpected_error", Map.of("message_id", id, "failure", Failure.describe(e)));
                markFailedByBug(id);
            }
            if (bufferedLength >= MAX_BUFFERED_LENGTH) {
                write(buffered);
                buffered = new ArrayList<>();
                bufferedLength = 0;
            }
        }
        write(buffered);
    }

    /** Returns the ids of the messages that were not written completely. */
    Set<String> failedMessageIds() {
        return failedMessageIds;
    }

    /** Returns the number of messages that triggered a bug. */
    int unexpectedErrors() {
        return unexpectedErrors;
    }

    WriteResult result() {
        return result;
    }

    /** Writes messages in one transaction or, if that fails because of their content, in parts. */
    private void write(List<Delivery> deliveries) {
        if (deliveries.isEmpty()) {
            return;
        }
        if (isStopped()) {
            markFailed(deliveries);
            return;
        }
        try {
            result = result.plus(writer.write(
                    deliveries.stream().map(Delivery::message).toList(),
                    () -> remaining.get().dividedBy(TIMEOUT_DIVISOR)));
        } catch (StoreException.Unavailable e) {
            log.error(
                    "database_unavailable",
                    Map.of("reason", String.valueOf(e.getMessage()), "task_ids", taskIds(deliveries)));
            databaseUnavailable |= !e.isTimeout();
            List<Delivery> parts = split(deliveries);
            if (databaseUnavailable || parts.isEmpty()) {
                markFailed(deliveries);
            }
            parts.forEach(part -> write(List.of(part)));
        } catch (StoreException.DataRejected e) {
            List<Delivery> parts = split(deliveries);
            if (parts.isEmpty()) {
                reject(deliveries.get(0), e);
            }
            parts.forEach(part -> write(List.of(part)));
        } catch (RuntimeException e) {
            // A bug. If retries fail too, SQS moves the message that triggers it to the dead-letter queue.
            log.error("unexpected_error", Map.of("failure", Failure.describe(e), "task_ids", taskIds(deliveries)));
            if (deliveries.size() == 1) {
                markFailedByBug(deliveries.get(0).id());
            } else {
                deliveries.forEach(delivery -> write(List.of(delivery)));
            }
        }
    }

    /** Returns the single messages or, for one message, its single records; none if it cannot be split further. */
    private static List<Delivery> split(List<Delivery> deliveries) {
        if (deliveries.size() > 1) {
            return deliveries;
        }
        Delivery single = deliveries.get(0);
        return single.message().rejection() == null
                        && single.message().records().size() > 1
                ? single.message().split().stream().map(single::with).toList()
                : List.of();
    }

    /** Stores a single record that Postgres has rejected, or a message that cannot be decoded, as rejected. */
    private void reject(Delivery delivery, StoreException.DataRejected cause) {
        if (delivery.message().rejection() == null) {
            write(List.of(delivery.with(delivery.message().rejected(String.valueOf(cause.getMessage())))));
            return;
        }
        log.error(
                "rejection_not_stored",
                Map.of(
                        "message_id", delivery.id(),
                        "sql_state", cause.sqlState(),
                        "task_ids", taskIds(List.of(delivery))));
        failedMessageIds.add(delivery.id());
    }

    /** Returns the task ids in the messages, at most {@value #MAX_LOGGED_TASKS}, for the log. */
    private static List<UUID> taskIds(List<Delivery> deliveries) {
        return deliveries.stream()
                .flatMap(delivery -> delivery.message().records().stream())
                .map(MessageRecord::taskId)
                .filter(Objects::nonNull)
                .distinct()
                .limit(MAX_LOGGED_TASKS)
                .toList();
    }

    private void markFailed(List<Delivery> deliveries) {
        deliveries.forEach(delivery -> failedMessageIds.add(delivery.id()));
    }

    private void markFailedByBug(String messageId) {
        unexpectedErrors++;
        failedMessageIds.add(messageId);
    }

    /** Returns whether writing has stopped: Postgres is unavailable or the deadline has passed. */
    private boolean isStopped() {
        return databaseUnavailable || remaining.get().isNegative();
    }
}
