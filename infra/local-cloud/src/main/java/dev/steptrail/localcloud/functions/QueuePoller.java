package dev.steptrail.localcloud.functions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.localcloud.template.Template.Function.QueueEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashSet;
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
 * Invokes a function with batches of messages from a queue, as Lambda's poller does. Deletes the messages that
 * succeeded; the others become visible again. Uses one thread from {@link #start} to {@link #close}.
 */
public final class QueuePoller implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Logger LOG = LoggerFactory.getLogger(QueuePoller.class);
    private static final int MAX_BATCH_BYTES = 6 * 1000 * 1000;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);

    /** Used instead of long polling, which makes ElasticMQ busy-wait if the message group is blocked. */
    private static final Duration FIFO_POLL_INTERVAL = Duration.ofMillis(500);

    private final SqsClient sqs;
    private final String queueUrl;
    private final boolean isFifo;
    private final QueueEvent event;
    private final FunctionHost function;
    private final String region;
    private final Function<Message, String> senderId;
    private final Deque<Message> pending = new ArrayDeque<>(); // received, but not yet in a batch
    private final Thread thread;
    private volatile boolean closing;

    /**
     * Creates a poller; {@link #start} starts it.
     *
     * @param senderId returns the SenderId of a message; ElasticMQ does not provide it
     */
    public QueuePoller(
            SqsClient sqs,
            String queueUrl,
            QueueEvent event,
            FunctionHost function,
            String region,
            Function<Message, String> senderId) {
        this.sqs = sqs;
        this.queueUrl = queueUrl;
        this.isFifo = queueUrl.endsWith(".fifo");
        this.event = event;
        this.function = function;
        this.region = region;
        this.senderId = senderId;
        this.thread = new Thread(this::run, "poller-" + function.function().id());
    }

    public QueuePoller start() {
        thread.setDaemon(true);
        thread.start();
        return this;
    }

    private void run() {
        try {
            while (!closing) {
                poll();
            }
        } catch (InterruptedException e) {
            // close() interrupts the thread
        }
    }

    private void poll() throws InterruptedException {
        try {
            Map<Message, ObjectNode> batch = gather();
            if (!batch.isEmpty()) {
                deliver(batch);
            } else if (isFifo) {
                Thread.sleep(FIFO_POLL_INTERVAL.toMillis());
            }
        } catch (SdkException e) {
            LOG.warn("{}: {}", queueUrl, e.getMessage());
            Thread.sleep(1_000);
        }
    }

    /** Gathers messages and their records, bounded by batch size, batching window and 6 MB. */
    private Map<Message, ObjectNode> gather() throws InterruptedException {
        Map<Message, ObjectNode> batch = new LinkedHashMap<>();
        long bytes = 0;
        long deadline = 0;
        while (!closing && batch.size() < event.batchSize()) {
            if (pending.isEmpty()) {
                pending.addAll(receive(event.batchSize() - batch.size(), batch.isEmpty() && !isFifo ? 1 : 0));
                if (batch.isEmpty()) {
                    deadline = System.nanoTime() + event.window().toNanos();
                }
            }
            Message message = pending.peek();
            if (message == null) {
                if (batch.isEmpty() || System.nanoTime() >= deadline) {
                    break;
                }
                Thread.sleep(20);
                continue;
            }
            ObjectNode record = record(message);
            bytes += record.toString().getBytes(StandardCharsets.UTF_8).length + 1;
            if (bytes > MAX_BATCH_BYTES && !batch.isEmpty()) {
                break;
            }
            batch.put(pending.remove(), record);
        }
        return batch;
    }

    private List<Message> receive(int maxMessages, int waitSeconds) {
        return sqs.receiveMessage(request -> request.queueUrl(queueUrl)
                        .maxNumberOfMessages(Math.min(10, maxMessages))
                        .waitTimeSeconds(waitSeconds)
                        .messageAttributeNames("All")
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
                .messages();
    }

    private void deliver(Map<Message, ObjectNode> batch) throws InterruptedException {
        List<Message> messages = List.copyOf(batch.keySet());
        Set<String> ids = Set.copyOf(messages.stream().map(Message::messageId).toList());
        ObjectNode input = JSON.createObjectNode();
        input.putArray("Records").addAll(batch.values());
        byte[] response;
        try {
            response = function.invoke(input.toString().getBytes(StandardCharsets.UTF_8), Duration.ofMinutes(15));
        } catch (InvocationException | TimeoutException e) {
            return; // logged by FunctionHost; the messages become visible again
        }
        Set<String> failed = event.reportsItemFailures() ? failedIds(response, ids) : Set.of();
        if (!failed.isEmpty()) {
            LOG.warn("{}: {} of {} messages failed", function.function().id(), failed.size(), messages.size());
        }
        delete(messages.stream()
                .filter(message -> !failed.contains(message.messageId()))
                .toList());
    }

    /** @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html">Using Lambda with Amazon SQS</a> */
    private ObjectNode record(Message message) {
        ObjectNode json = JSON.createObjectNode();
        json.put("messageId", message.messageId());
        json.put("receiptHandle", message.receiptHandle());
        json.put("body", message.body());
        ObjectNode attributes = json.putObject("attributes");
        message.attributesAsStrings().forEach(attributes::put);
        attributes.put("SenderId", senderId.apply(message));
        ObjectNode messageAttributes = json.putObject("messageAttributes");
        message.messageAttributes().forEach((name, value) -> {
            ObjectNode attribute = messageAttributes.putObject(name);
            attribute.put("stringValue", value.stringValue());
            if (value.binaryValue() != null) {
                attribute.put(
                        "binaryValue",
                        Base64.getEncoder().encodeToString(value.binaryValue().asByteArray()));
            }
            attribute.putArray("stringListValues");
            attribute.putArray("binaryListValues");
            attribute.put("dataType", value.dataType());
        });
        json.put("md5OfBody", message.md5OfBody());
        json.put("md5OfMessageAttributes", message.md5OfMessageAttributes());
        json.put("eventSource", "aws:sqs");
        json.put("eventSourceARN", event.queueArn());
        json.put("awsRegion", region);
        return json;
    }

    /**
     * Returns the ids of the messages that stay on the queue.
     *
     * <p>An empty or null response or list means that all messages succeeded. An id that is empty, missing or not in
     * the batch, or a response that cannot be parsed, means that all failed.
     *
     * @param batch ids of the messages that the function received
     * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html">Handling errors for
     *     an SQS event source</a>
     */
    static Set<String> failedIds(byte[] response, Set<String> batch) {
        JsonNode failures;
        try {
            failures = JSON.readTree(response).path("batchItemFailures");
        } catch (IOException e) {
            return batch;
        }
        if (failures.isMissingNode() || failures.isNull()) {
            return Set.of();
        }
        Set<String> failed = new HashSet<>();
        failures.forEach(failure -> failed.add(failure.path("itemIdentifier").asText("")));
        return failures.isArray() && batch.containsAll(failed) ? failed : batch;
    }

    private void delete(List<Message> messages) {
        for (int from = 0; from < messages.size(); from += 10) {
            List<DeleteMessageBatchRequestEntry> entries =
                    messages.subList(from, Math.min(from + 10, messages.size())).stream()
                            .map(message -> DeleteMessageBatchRequestEntry.builder()
                                    .id(message.messageId())
                                    .receiptHandle(message.receiptHandle())
                                    .build())
                            .toList();
            sqs.deleteMessageBatch(request -> request.queueUrl(queueUrl).entries(entries))
                    .failed()
                    .forEach(failure -> LOG.warn("{}: a message was not deleted: {}", queueUrl, failure.message()));
        }
    }

    /** Stops polling. Waits up to 3 s for the current batch, then interrupts it. */
    @Override
    public void close() {
        closing = true;
        try {
            thread.join(CLOSE_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }
}
