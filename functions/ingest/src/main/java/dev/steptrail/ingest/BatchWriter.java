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
 * Writes messages in one transaction. If Postgres refuses the data, bisects the messages, and then the records of the
 * failing message, until the failing record is isolated. That record is stored as rejected, with the reason. If
 * Postgres is unavailable, the messages that are not written yet are returned to the queue.
 */
final class BatchWriter {
    /** Bounds the length of a log line. */
    static final int MAX_LOGGED_TASKS = 20;

    private final DatabaseStepWriter writer;
    private final Supplier<Duration> left;
    private final Log log;
    private final Set<String> unwritten = new LinkedHashSet<>();
    private WriteResult result = WriteResult.NONE;
    private int faults;
    private boolean stopped;

    /** A decoded message and its SQS message id. */
    record Delivery(String messageId, ReceivedMessage message) {}

    /** @param left returns the time that remains for writing; negative after the deadline */
    BatchWriter(DatabaseStepWriter writer, Supplier<Duration> left, Log log) {
        this.writer = writer;
        this.left = left;
        this.log = log;
    }

    void write(List<Delivery> deliveries) {
        if (deliveries.isEmpty()) {
            return;
        }
        if (isOver()) {
            markFailed(deliveries);
            return;
        }
        try {
            result = result.plus(
                    writer.write(deliveries.stream().map(Delivery::message).toList(), left));
        } catch (StoreException.Unavailable e) {
            log.error("database_unavailable", Map.of("reason", String.valueOf(e.getMessage()), "task_ids", tasks(deliveries)));
            stopped = true;
            markFailed(deliveries);
        } catch (StoreException.Refused e) {
            bisect(deliveries, alone -> reject(alone, e));
        } catch (RuntimeException e) {
            // A bug. SQS moves the message that triggers it to the dead-letter queue.
            log.error("unexpected_error", Map.of("failure", Failure.describe(e), "task_ids", tasks(deliveries)));
            bisect(deliveries, alone -> {
                faults++;
                markFailed(alone);
            });
        }
    }

    /** Writes each half separately; passes a single message to {@code last}. */
    private void bisect(List<Delivery> deliveries, Consumer<List<Delivery>> last) {
        if (deliveries.size() == 1) {
            last.accept(deliveries);
            return;
        }
        int half = deliveries.size() / 2;
        write(deliveries.subList(0, half));
        write(deliveries.subList(half, deliveries.size()));
    }

    private void reject(List<Delivery> one, StoreException.Refused refusal) {
        Delivery alone = one.get(0);
        if (alone.message().rejection() != null) {
            // The rejection itself cannot be stored.
            log.error(
                    "rejection_not_stored",
                    Map.of("message_id", alone.messageId(), "sql_state", refusal.sqlState(), "task_ids", tasks(one)));
            markFailed(one);
            return;
        }
        if (alone.message().records().size() > 1) {
            alone.message().halves().forEach(half -> write(List.of(new Delivery(alone.messageId(), half))));
            return;
        }
        ReceivedMessage rejected = alone.message().rejected(String.valueOf(refusal.getMessage()));
        write(List.of(new Delivery(alone.messageId(), rejected)));
    }

    /** Returns the ids of the first {@value #MAX_LOGGED_TASKS} tasks that the messages name, for the log. */
    private static List<UUID> tasks(List<Delivery> deliveries) {
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
        unwritten.add(messageId);
    }

    /** Marks a message that triggered a bug as failed. SQS finally moves it to the dead-letter queue. */
    void markFailed(String messageId, Throwable fault) {
        log.error("unexpected_error", Map.of("message_id", messageId, "failure", Failure.describe(fault)));
        faults++;
        markFailed(messageId);
    }

    /** Returns whether writing has stopped: Postgres is unavailable or the deadline has passed. */
    boolean isOver() {
        return stopped || left.get().isNegative();
    }

    /** Returns the ids of the messages that were not written completely. */
    Set<String> unwritten() {
        return unwritten;
    }

    /** Returns the number of messages that triggered a bug. */
    int faults() {
        return faults;
    }

    WriteResult result() {
        return result;
    }
}
