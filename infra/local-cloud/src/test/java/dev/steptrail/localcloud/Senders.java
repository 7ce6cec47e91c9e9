package dev.steptrail.localcloud;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.MessageBody;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** Sends messages in parallel: one thread per sender, ten messages per request. */
final class Senders implements AutoCloseable {
    /** A message attribute of the test that sets the SenderId. A client of the real SQS cannot choose it. */
    private static final String SENDER = "test-sender";

    private static final int A_REQUEST = 10;

    private final FragileCloud cloud;
    private final ExecutorService threads = Executors.newFixedThreadPool(LoadGenerator.SENDERS);

    Senders(FragileCloud cloud) {
        this.cloud = cloud;
    }

    /** Returns the SenderId of a message. */
    static String of(Message message) {
        return message.messageAttributes().get(SENDER).stringValue();
    }

    /** Sends all messages. Returns when the queue has accepted them. */
    void send(List<LoadGenerator.Shipment> shipments) throws Exception {
        Map<String, List<LoadGenerator.Shipment>> bySender = new HashMap<>();
        shipments.forEach(shipment -> bySender.computeIfAbsent(shipment.senderId(), sender -> new ArrayList<>())
                .add(shipment));
        List<Callable<Void>> all = new ArrayList<>();
        bySender.values().forEach(own -> all.add(() -> sendOneByOne(own)));
        for (Future<Void> one : threads.invokeAll(all)) {
            one.get();
        }
    }

    private Void sendOneByOne(List<LoadGenerator.Shipment> shipments) {
        for (int from = 0; from < shipments.size(); from += A_REQUEST) {
            List<SendMessageBatchRequestEntry> entries = new ArrayList<>();
            for (LoadGenerator.Shipment shipment :
                    shipments.subList(from, Math.min(from + A_REQUEST, shipments.size()))) {
                entries.add(SendMessageBatchRequestEntry.builder()
                        .id("m" + entries.size())
                        .messageBody(shipment.body().text())
                        .messageAttributes(attributes(shipment))
                        .build());
            }
            assertThat(cloud.sqs
                            .sendMessageBatch(
                                    request -> request.queueUrl(cloud.queue).entries(entries))
                            .failed())
                    .isEmpty();
        }
        return null;
    }

    private static Map<String, MessageAttributeValue> attributes(LoadGenerator.Shipment shipment) {
        Map<String, MessageAttributeValue> attributes = new HashMap<>();
        attributes.put(SENDER, text(shipment.senderId()));
        if (shipment.body().contentEncoding() != null) {
            attributes.put(MessageBody.CONTENT_ENCODING, text(shipment.body().contentEncoding()));
        }
        return attributes;
    }

    private static MessageAttributeValue text(String value) {
        return MessageAttributeValue.builder()
                .dataType("String")
                .stringValue(value)
                .build();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
