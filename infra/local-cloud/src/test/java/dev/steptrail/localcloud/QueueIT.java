package dev.steptrail.localcloud;

import static dev.steptrail.stepformat.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

@Tag("slow")
class QueueIT {
    private final TestCloud cloud = TestCloud.shared();
    private final SqsClient sqs = cloud.sqs();
    private final String queue = cloud.env("STEPTRAIL_QUEUE_URL");

    @Test
    void successfulMessages_areProcessedOnce_andDeleted() throws Exception {
        String mark = UUID.randomUUID().toString();
        for (int batch = 0; batch < 3; batch++) {
            List<SendMessageBatchRequestEntry> entries = IntStream.range(0, 10)
                    .mapToObj(i -> SendMessageBatchRequestEntry.builder()
                            .id("m" + i)
                            .messageBody(mark)
                            .build())
                    .toList();
            sqs.sendMessageBatch(request -> request.queueUrl(queue).entries(entries));
        }

        until("all is written", () -> rows(mark).size() == 30 && queueIsEmpty());
        Thread.sleep(3_500); // longer than the visibility timeout
        assertThat(rows(mark)).hasSize(30);
    }

    @Test
    void message_hasItsAttributes_andTheLocalSenderId() throws Exception {
        String mark = UUID.randomUUID().toString();
        sqs.sendMessage(request -> request.queueUrl(queue)
                .messageBody(mark)
                .messageAttributes(Map.of(
                        "content-encoding",
                        MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue("gzip")
                                .build())));

        until("it is written", () -> !rows(mark).isEmpty());
        assertThat(rows(mark)).containsExactly("local/gzip");
    }

    @Test
    void failingMessage_isRetried_andEndsInTheDeadLetterQueue() throws Exception {
        String mark = UUID.randomUUID().toString();
        String bad = "bad " + mark;
        sqs.sendMessage(request -> request.queueUrl(queue).messageBody(bad));
        sqs.sendMessage(request -> request.queueUrl(queue).messageBody(mark));

        String deadLetters = sqs.getQueueUrl(request -> request.queueName("steptrail-DeadLetterQueue"))
                .queueUrl();
        List<String> dead = new ArrayList<>();
        until("it is in the dead letter queue", () -> {
            sqs.receiveMessage(request -> request.queueUrl(deadLetters).waitTimeSeconds(1)).messages().stream()
                    .map(Message::body)
                    .forEach(dead::add);
            return !dead.isEmpty();
        });
        assertThat(dead).containsExactly(bad);
        assertThat(rows(mark)).hasSize(1);
        assertThat(rows(bad)).isEmpty();
    }

    private boolean queueIsEmpty() {
        var attributes = sqs.getQueueAttributes(request -> request.queueUrl(queue)
                        .attributeNames(
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .attributes();
        return attributes.values().stream().allMatch("0"::equals);
    }

    private List<String> rows(String body) {
        try (Connection connection = cloud.database();
                PreparedStatement query =
                        connection.prepareStatement("SELECT sender, content_encoding FROM received WHERE body = ?")) {
            query.setString(1, body);
            List<String> rows = new ArrayList<>();
            ResultSet found = query.executeQuery();
            while (found.next()) {
                rows.add(found.getString(1) + "/" + found.getString(2));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
