package dev.steptrail.ingest;

import dev.steptrail.store.DatabaseStepWriter;
import dev.steptrail.store.ReceivedMessage;
import dev.steptrail.store.StoreException;
import dev.steptrail.store.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Writes messages together. Where Postgres refuses them, it halves them until the one to blame stands alone, which is
 * rejected with its reason; where Postgres is not there, it leaves what is not written for later.
 */
final class BatchWriter {
    private final DatabaseStepWriter writer;
    private final Deadline deadline;
    private final Log log;
    private final List<String> unwritten = new ArrayList<>();
    private WriteResult result = WriteResult.NONE;
    private boolean stopped;

    /** A message, decoded, and the name by which the queue knows it. */
    record Delivery(String messageId, ReceivedMessage message) {}

    BatchWriter(DatabaseStepWriter writer, Deadline deadline, Log log) {
        this.writer = writer;
        this.deadline = deadline;
        this.log = log;
    }

    void write(List<Delivery> deliveries) {
        if (deliveries.isEmpty()) {
            return;
        }
        if (stopped || deadline.isNear()) {
            leave(deliveries);
            return;
        }
        try {
            result = result.plus(
                    writer.write(deliveries.stream().map(Delivery::message).toList()));
        } catch (StoreException.Unavailable e) {
            log.event("unavailable", Map.of("reason", String.valueOf(e.getMessage())));
            stopped = true;
            leave(deliveries);
        } catch (StoreException.Refused e) {
            part(deliveries, alone -> reject(alone, e));
        } catch (RuntimeException e) {
            // A fault of ours. The queue's own dead-letter queue will have the message that brings it out.
            log.event("fault", Map.of("kind", e.getClass().getName(), "at", String.valueOf(e.getStackTrace()[0])));
            part(deliveries, this::leave);
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
            log.event("unstorable", Map.of("message_id", alone.messageId(), "sql_state", refusal.sqlState()));
            leave(one);
            return;
        }
        ReceivedMessage rejected = alone.message().rejected(String.valueOf(refusal.getMessage()));
        write(List.of(new Delivery(alone.messageId(), rejected)));
    }

    private void leave(List<Delivery> deliveries) {
        deliveries.forEach(delivery -> unwritten.add(delivery.messageId()));
    }

    /** The names of messages of which nothing was written. */
    List<String> unwritten() {
        return unwritten;
    }

    WriteResult result() {
        return result;
    }
}
