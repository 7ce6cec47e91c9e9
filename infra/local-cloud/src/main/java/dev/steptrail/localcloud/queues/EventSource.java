package dev.steptrail.localcloud.queues;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.localcloud.functions.FunctionHost;
import dev.steptrail.localcloud.functions.InvocationException;
import dev.steptrail.localcloud.template.Function.QueueEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * Feeds a function from a queue as Lambda's poller does: gathers a batch, invokes, deletes what succeeded, and leaves the
 * rest to become visible again. One thread, from {@link #start} to {@link #close}.
 */
public final class EventSource implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventSource.class);
    private static final int MAX_BATCH_BYTES = 6 * 1000 * 1000;
    private static final Duration GRACE = Duration.ofSeconds(3);

    /** Pause between polls of a FIFO queue: long polling of a blocked message group makes ElasticMQ busy-wait. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    private final SqsClient sqs;
    private final String queueUrl;
    private final boolean isFifo;
    private final QueueEvent source;
    private final FunctionHost function;
    private final QueueEvents events;
    private final Deque<Message> received = new ArrayDeque<>();
    private final Thread thread;
    private volatile boolean closing;

    /**
     * Creates a poller; {@link #start} starts it.
     *
     * @param sender the SenderId that a message is stamped with
     */
    public EventSource(
            SqsClient sqs,
            String queueUrl,
            QueueEvent source,
            FunctionHost function,
            String region,
            Function<Message, String> sender) {
        this.sqs = sqs;
        this.queueUrl = queueUrl;
        this.isFifo = queueUrl.endsWith(".fifo");
        this.source = source;
        this.function = function;
        this.events = new QueueEvents(source.queueArn(), region, sender);
        this.thread = new Thread(this::run, "poller-" + function.function().id());
    }

    public EventSource start() {
        thread.setDaemon(true);
        thread.start();
        return this;
    }

    private void run() {
        while (!closing) {
            try {
                Map<Message, ObjectNode> batch = gather();
                if (!batch.isEmpty()) {
                    deliver(batch);
                } else if (isFifo) {
                    pause(BETWEEN_LOOKS);
                }
            } catch (SdkException e) {
                LOG.warn("{}: {}", queueUrl, e.getMessage());
                pause(Duration.ofSeconds(1));
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Gathers messages and their records, bounded by batch size, batching window and 6 MB. */
    private Map<Message, ObjectNode> gather() throws InterruptedException {
        Map<Message, ObjectNode> batch = new LinkedHashMap<>();
        long bytes = 0;
        long deadline = 0;
        while (!closing && batch.size() < source.batchSize()) {
            if (received.isEmpty()) {
                if (batch.isEmpty()) {
                    received.addAll(receive(source.batchSize(), isFifo ? 0 : 1));
                    deadline = System.nanoTime() + source.window().toNanos();
                } else {
                    received.addAll(receive(source.batchSize() - batch.size(), 0));
                }
            }
            Message message = received.peek();
            if (message == null) {
                if (batch.isEmpty() || System.nanoTime() >= deadline) {
                    break;
                }
                pause(Duration.ofMillis(20));
                continue;
            }
            ObjectNode record = events.record(message);
            bytes += record.toString().getBytes(StandardCharsets.UTF_8).length + 1;
            if (bytes > MAX_BATCH_BYTES && !batch.isEmpty()) {
                break;
            }
            batch.put(received.remove(), record);
        }
        return batch;
    }

    private List<Message> receive(int atMost, int waitSeconds) {
        return sqs.receiveMessage(request -> request.queueUrl(queueUrl)
                        .maxNumberOfMessages(Math.min(10, atMost))
                        .waitTimeSeconds(waitSeconds)
                        .messageAttributeNames("All")
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
                .messages();
    }

    private void deliver(Map<Message, ObjectNode> batch) throws InterruptedException {
        List<Message> messages = List.copyOf(batch.keySet());
        Set<String> ids = Set.copyOf(messages.stream().map(Message::messageId).toList());
        byte[] answer;
        try {
            answer = function.invoke(events.event(List.copyOf(batch.values())), Duration.ofMinutes(15));
        } catch (InvocationException | TimeoutException e) {
            return; // the reason has been logged; the messages become visible again
        }
        Set<String> failed = source.reportsItemFailures() ? BatchResponse.failures(answer, ids) : Set.of();
        if (!failed.isEmpty()) {
            LOG.warn("{}: {} of {} messages failed", function.function().id(), failed.size(), messages.size());
        }
        delete(messages.stream()
                .filter(message -> !failed.contains(message.messageId()))
                .toList());
    }

    private void delete(List<Message> messages) {
        for (int from = 0; from < messages.size(); from += 10) {
            List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>();
            for (Message message : messages.subList(from, Math.min(from + 10, messages.size()))) {
                entries.add(DeleteMessageBatchRequestEntry.builder()
                        .id(Integer.toString(entries.size()))
                        .receiptHandle(message.receiptHandle())
                        .build());
            }
            sqs.deleteMessageBatch(request -> request.queueUrl(queueUrl).entries(entries))
                    .failed()
                    .forEach(failure -> LOG.warn("{}: a message was not deleted: {}", queueUrl, failure.message()));
        }
    }

    private static void pause(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits up to 3 s for the current batch. */
    @Override
    public void close() {
        closing = true;
        try {
            thread.join(GRACE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }
}
