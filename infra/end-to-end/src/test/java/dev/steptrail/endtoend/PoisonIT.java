package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.UuidV7;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** Messages that can never be stored are rejected with a reason, and do not affect other messages of the batch. */
@Isolated("one test takes the sender of all others away")
class PoisonIT {
    private final CloudProcess cloud = CloudProcess.shared();
    private final UUID task = newTask();

    /** A row of rejected_messages. */
    private record Rejected(String sender, String owner, Integer stepNumber, String reason, String body) {}

    @Test
    void malformedMessage_isRejected_andOtherMessagesOfTheBatchAreStored() throws Exception {
        String garbage = "{ \"v\": 1, garbage " + task;

        send(message(step(1)), garbage, message(step(2)));

        assertThat(storedSteps()).containsExactly(1, 2);
        assertThat(rejected("body = ?", garbage)).singleElement().satisfies(rejected -> {
            assertThat(rejected.sender()).isEqualTo("local");
            assertThat(rejected.owner()).isEqualTo("demo");
            assertThat(rejected.reason()).isNotBlank().doesNotContain("garbage");
        });
    }

    @Test
    void invalidRecord_isRejectedAlone_fromAValidMessage() throws Exception {
        String bad = step(2).replace("\"step_type\":\"action\"", "\"step_type\":7");

        send(message(step(1), bad, step(3)));

        assertThat(storedSteps()).containsExactly(1, 3);
        assertThat(rejected("position(? IN body) > 0", task.toString()))
                .singleElement()
                .satisfies(rejected -> {
                    assertThat(rejected.reason()).contains("step_type");
                    assertThat(rejected.body()).contains(bad).doesNotContain(step(1), step(3));
                });
    }

    @Test
    void differentStepUnderATakenNumber_isAConflict_andTheFirstIsKept() throws Exception {
        send(message(step(1)));
        send(message(step(1).replace("Tap", "Swipe")));

        JsonNode steps = cloud.api().json("/api/tasks/" + task + "/steps").get("steps");
        assertThat(steps).hasSize(1);
        assertThat(steps.get(0).get("action").toString()).contains("Tap");
        assertThat(cloud.api()
                        .json("/api/tasks/" + task)
                        .get("conflicting_steps")
                        .intValue())
                .isEqualTo(1);
        assertThat(rejected("task_id = ?::uuid", task.toString()))
                .extracting(Rejected::stepNumber)
                .containsExactly(1);
    }

    @Test
    void messageOfAnUnregisteredSender_isRejected() throws Exception {
        rename("local", "local-before");
        try {
            send(message(step(1)));
        } finally {
            rename("local-before", "local");
        }

        assertThat(cloud.api().get("/api/tasks/" + task).status()).isEqualTo(404);
        assertThat(rejected("position(? IN body) > 0", task.toString()))
                .singleElement()
                .satisfies(rejected -> {
                    assertThat(rejected.sender()).isEqualTo("local");
                    assertThat(rejected.owner()).isNull();
                    assertThat(rejected.reason()).contains("sender");
                });
    }

    /** Sends the messages in one batch and waits until ingest has processed them. */
    private void send(String... bodies) throws Exception {
        List<SendMessageBatchRequestEntry> entries = new ArrayList<>();
        for (String body : bodies) {
            entries.add(SendMessageBatchRequestEntry.builder()
                    .id("m" + entries.size())
                    .messageBody(body)
                    .build());
        }
        try (SqsClient sqs = cloud.sqs()) {
            String queue = cloud.environment().get("STEPTRAIL_QUEUE_URL");
            sqs.sendMessageBatch(request -> request.queueUrl(queue).entries(entries));
        }
        cloud.awaitIngest();
    }

    private static String message(String... records) {
        return "{\"v\":1,\"records\":[" + String.join(",", records) + "]}";
    }

    private String step(int number) {
        return ("{\"v\":1,\"record\":\"step\",\"task_id\":\"%s\",\"timestamp\":\"2026-05-14T09:41:0%dZ\",\"step_number\":%d,"
                        + "\"step_type\":\"action\",\"action\":{\"action\":\"Tap\",\"element\":[499,842]},\"success\":true}")
                .formatted(task, number, number);
    }

    private List<Integer> storedSteps() throws Exception {
        List<Integer> numbers = new ArrayList<>();
        cloud.api()
                .json("/api/tasks/" + task + "/steps")
                .get("steps")
                .forEach(step -> numbers.add(step.get("step_number").intValue()));
        return numbers;
    }

    private List<Rejected> rejected(String condition, String value) throws Exception {
        String sql = "SELECT sender_id, owner, step_number, reason, body FROM rejected_messages WHERE " + condition;
        List<Rejected> found = new ArrayList<>();
        try (Connection connection = cloud.database();
                PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, value);
            ResultSet rows = query.executeQuery();
            while (rows.next()) {
                found.add(new Rejected(
                        rows.getString(1),
                        rows.getString(2),
                        rows.getObject(3, Integer.class),
                        rows.getString(4),
                        rows.getString(5)));
            }
        }
        return found;
    }

    private void rename(String sender, String to) throws Exception {
        try (Connection connection = cloud.database();
                PreparedStatement update =
                        connection.prepareStatement("UPDATE agents SET sender_id = ? WHERE sender_id = ?")) {
            update.setString(1, to);
            update.setString(2, sender);
            assertThat(update.executeUpdate()).isEqualTo(1);
        }
    }

    private static UUID newTask() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return UuidV7.of(Instant.now(), random);
    }
}
