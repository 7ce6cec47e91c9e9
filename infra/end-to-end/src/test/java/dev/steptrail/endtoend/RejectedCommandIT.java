package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.UuidV7;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Messages of an unregistered sender are rejected, which several commands report, and can be stored later. */
@Isolated("it takes the sender of all others away")
@Order(3)
class RejectedCommandIT {
    private static final String SECRET = "swordfish-42";

    private final CloudProcess cloud = CloudProcess.shared();
    private final Terminal admin = Terminal.ofAdmin(cloud);
    private final UUID task = UuidV7.of(Instant.now(), new SecureRandom().generateSeed(32));

    @Test
    void messageOfAnUnregisteredSender_isReported_retried_andStored(@TempDir Path folder) throws Exception {
        Object[] doctor = {"doctor", "--wait", "20", "--outbox", folder};
        assertThat(admin.does(doctor))
                .last()
                .isEqualTo("ok   delivery: a task with a screenshot was sent, read back and deleted");
        assertThat(admin.does("agents", "remove", "local")).containsExactly("removed local");
        String id;
        try {
            send();
            JsonNode newest = admin.json("rejected", "list", "--sender", "local", "--limit", "1", "--json")
                    .get("rejected")
                    .get(0);
            id = newest.get("id").asText();
            assertThat(newest.toString())
                    .contains("the sender is not registered")
                    .doesNotContain(SECRET);
            assertThat(admin.does("agents", "unregistered")).anyMatch(line -> line.matches("[1-9][0-9]* .* local"));
            assertThat(admin.does("rejected", "show", id))
                    .contains("sender_id     local", "owner         -")
                    .last()
                    .asString()
                    .startsWith("body          {\"v\":1,")
                    .contains(task.toString(), SECRET);
            doctor[2] = "5";
            assertThat(admin.tries(doctor).out())
                    .last()
                    .asString()
                    .startsWith("FAIL delivery: task ")
                    .contains("the sender is not registered");
            Path recording = Imports.changedSample(folder.resolve("run"), "Of an unregistered sender: ");
            assertThat(admin.tries("import", "--wait", "5", "--outbox", folder.resolve("outbox"), recording)
                            .errors())
                    .singleElement()
                    .asString()
                    .endsWith(" is not stored, 5 s after it was sent: it was rejected (the sender is not registered;"
                            + " an admin must register it as an agent)");
        } finally {
            assertThat(admin.does("agents", "add", "local", "--owner", "demo"))
                    .containsExactly("registered local for demo");
        }

        assertThat(admin.does("rejected", "retry", id)).containsExactly(id + "  stored");

        assertThat(cloud.api()
                        .json("/api/tasks/" + task + "/steps")
                        .get("steps")
                        .get(0)
                        .get("thinking")
                        .asText())
                .isEqualTo(SECRET);
        assertThat(cloud.errors()).noneMatch(line -> line.contains(SECRET));
    }

    private void send() throws Exception {
        String step = ("{\"v\":1,\"record\":\"step\",\"task_id\":\"%s\",\"timestamp\":\"2026-05-14T09:41:00Z\","
                        + "\"step_number\":1,\"step_type\":\"action\",\"thinking\":\"%s\",\"success\":true}")
                .formatted(task, SECRET);
        try (SqsClient sqs = cloud.sqs()) {
            sqs.sendMessage(request -> request.queueUrl(cloud.environment().get("STEPTRAIL_QUEUE_URL"))
                    .messageBody("{\"v\":1,\"records\":[" + step + "]}"));
        }
        cloud.awaitIngest();
    }
}
