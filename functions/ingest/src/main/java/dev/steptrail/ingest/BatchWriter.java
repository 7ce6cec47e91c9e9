package dev.steptrail.ingest;

import dev.steptrail.aws.Log;
import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.ingest.ReceivedMessage;
import dev.steptrail.store.ingest.WriteResult;
import dev.steptrail.store.jdbc.Failure;
import dev.steptrail.store.jdbc.StoreException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Writes messages in one transaction. If Postgres rejects the data, bisects the messages, and then the records of the
 * failing message, until the failing record is isolated. That record is stored as rejected, with the reason. If
 * Postgres is unavailable, the messages that are not written yet are returned to the queue. If a statement times out,
 * the messages and records are bisected too, because fewer records may take less time. Not thread-safe.
 */
final class BatchWriter {
    /** Bounds the length of a log line. */
    static final int MAX_LOGGED_TASKS = 20;

    /**
     * A statement may take this part of the remaining time. After each timeout, half the records have three quarters of
     * the time, so that some are written in each invocation.
     */
    private static final int TIMEOUT_DIVISOR = 4;

    private final DatabaseStepWriter writer;
    private final Supplier<Duration> remaining;
    private final Log log;
    private final Set<String> failedMessageIds = new LinkedHashSet<>();
    private WriteResult result = WriteResult.NONE;
    private int unexpectedErrors;
    private boolean databaseUnavailable;

    /** A decoded message and its SQS message id. */
    record Delivery(String messageId, ReceivedMessage message) {}

    /** @param remaining returns the time that remains for writing; negative after the deadline */
    BatchWriter(DatabaseStepWriter writer, Supplier<Duration> remaining, Log log) {
        this.writer = writer;
        this.remaining = remaining;
        this.log = log;
    }

    /** Writes messages. Marks those that could not be written as failed. */
    void write(List<Delivery> deliveries) {
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
            if (e.isTimeout()) {
                bisect(deliveries, this::split);
                return;
            }
            databaseUnavailable = true;
            markFailed(deliveries);
        } catch (StoreException.DataRejected e) {
            bisect(deliveries, single -> reject(single, e));
        } catch (RuntimeException e) {
            // A bug. If retries fail too, SQS moves the message that triggers it to the dead-letter queue.
            log.error("unexpected_error", Map.of("failure", Failure.describe(e), "task_ids", taskIds(deliveries)));
            bisect(deliveries, single -> {
                unexpectedErrors++;
                markFailed(single.messageId());
            });
        }
    }

    /** Writes each half separately; passes a single message to {@code handleSingle}. */
    private void bisect(List<Delivery> deliveries, Consumer<Delivery> handleSingle) {
        if (deliveries.size() == 1) {
            handleSingle.accept(deliveries.get(0));
            return;
        }
        int half = deliveries.size() / 2;
        write(deliveries.subList(0, half));
        write(deliveries.subList(half, deliveries.size()));
    }

    private void reject(Delivery delivery, StoreException.DataRejected cause) {
        if (delivery.message().rejection() != null) {
            // The rejection itself cannot be stored.
            log.error(
                    "rejection_not_stored",
                    Map.of(
                            "message_id", delivery.messageId(),
                            "sql_state", cause.sqlState(),
                            "task_ids", taskIds(List.of(delivery))));
            markFailed(delivery.messageId());
            return;
        }
        if (delivery.message().records().size() > 1) {
            split(delivery);
            return;
        }
        ReceivedMessage rejected = delivery.message().rejected(String.valueOf(cause.getMessage()));
        write(List.of(new Delivery(delivery.messageId(), rejected)));
    }

    /** Writes each half of the message's records separately. A single record fails. */
    private void split(Delivery delivery) {
        if (delivery.message().records().size() > 1) {
            delivery.message().split().forEach(half -> write(List.of(new Delivery(delivery.messageId(), half))));
        } else {
            markFailed(delivery.messageId());
        }
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
        deliveries.forEach(delivery -> markFailed(delivery.messageId()));
    }

    /** Marks a message as failed, so that SQS delivers it again. */
    void markFailed(String messageId) {
        failedMessageIds.add(messageId);
    }

    /** Marks a message that triggered a bug as failed. If retries fail, SQS moves it to the dead-letter queue. */
    void markFailedByBug(String messageId, Throwable error) {
        log.error("unexpected_error", Map.of("message_id", messageId, "failure", Failure.describe(error)));
        unexpectedErrors++;
        markFailed(messageId);
    }

    /** Returns whether writing has stopped: Postgres is unavailable or the deadline has passed. */
    boolean isStopped() {
        return databaseUnavailable || remaining.get().isNegative();
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
}
