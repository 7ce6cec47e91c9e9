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
 * Writes messages together. Where Postgres refuses them, it halves them, and then the records of the one to blame, until the
 * record to blame stands alone, which is rejected with its reason; where Postgres is not there, it leaves what is not written for later.
 */
final class BatchWriter {
    /** A line of the log has no room for any number. */
    static final int MOST_TASKS_TOLD = 20;

    private final DatabaseStepWriter writer;
    private final Supplier<Duration> left;
    private final Log log;
    private final Set<String> unwritten = new LinkedHashSet<>();
    private WriteResult result = WriteResult.NONE;
    private int faults;
    private boolean stopped;

    /** A message, decoded, and the name by which the queue knows it. */
    record Delivery(String messageId, ReceivedMessage message) {}

    /** @param left how long it may still take; negative once it is over */
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
            leave(deliveries);
            return;
        }
        try {
            result = result.plus(
                    writer.write(deliveries.stream().map(Delivery::message).toList(), left));
        } catch (StoreException.Unavailable e) {
            log.error("unavailable", Map.of("reason", String.valueOf(e.getMessage()), "task_ids", tasks(deliveries)));
            stopped = true;
            leave(deliveries);
        } catch (StoreException.Refused e) {
            part(deliveries, alone -> reject(alone, e));
        } catch (RuntimeException e) {
            // A fault of ours. The queue's own dead-letter queue will have the message that brings it out.
            log.error("fault", Map.of("failure", Failure.describe(e), "task_ids", tasks(deliveries)));
            part(deliveries, alone -> {
                faults++;
                leave(alone);
            });
        }
    }

    /** Writes each half by itself, or does the last thing with a message that stands alone. */
    private void part(List<Delivery> deliveries, Consumer<List<Delivery>> last) {
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
            // Even its rejection cannot be stored.
            log.error(
                    "unstorable",
                    Map.of("message_id", alone.messageId(), "sql_state", refusal.sqlState(), "task_ids", tasks(one)));
            leave(one);
            return;
        }
        if (alone.message().records().size() > 1) {
            alone.message().halves().forEach(half -> write(List.of(new Delivery(alone.messageId(), half))));
            return;
        }
        ReceivedMessage rejected = alone.message().rejected(String.valueOf(refusal.getMessage()));
        write(List.of(new Delivery(alone.messageId(), rejected)));
    }

    /** Some of those that they name, for the log. */
    private static List<UUID> tasks(List<Delivery> deliveries) {
        return deliveries.stream()
                .flatMap(delivery -> delivery.message().records().stream())
                .map(MessageRecord::taskId)
                .filter(Objects::nonNull)
                .distinct()
                .limit(MOST_TASKS_TOLD)
                .toList();
    }

    private void leave(List<Delivery> deliveries) {
        deliveries.forEach(delivery -> leave(delivery.messageId()));
    }

    /** Leaves a message for another time. */
    void leave(String messageId) {
        unwritten.add(messageId);
    }

    /** Leaves a message that brings out a fault of ours. The queue's own dead-letter queue will have it. */
    void leave(String messageId, Throwable fault) {
        log.error("fault", Map.of("message_id", messageId, "failure", Failure.describe(fault)));
        faults++;
        leave(messageId);
    }

    /** Whether nothing more will be written, so that to decode more is in vain. */
    boolean isOver() {
        return stopped || left.get().isNegative();
    }

    /** The names of messages of which not all was written. */
    Set<String> unwritten() {
        return unwritten;
    }

    /** How many messages brought out a fault of ours. */
    int faults() {
        return faults;
    }

    WriteResult result() {
        return result;
    }
}
