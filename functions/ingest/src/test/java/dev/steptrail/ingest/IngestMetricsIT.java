package dev.steptrail.ingest;

import static dev.steptrail.ingest.Messages.message;
import static dev.steptrail.store.TestRecords.at;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.ingest.RejectionCause;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Metrics of a batch, as written for CloudWatch. */
class IngestMetricsIT extends IngestTestBase {
    private static final JsonMapper JSON = new JsonMapper();

    @BeforeEach
    void begin() {
        DATABASE.execute("DELETE FROM rejected_messages");
    }

    @AfterEach
    void end() {
        DATABASE.execute("ALTER TABLE task_steps DROP CONSTRAINT IF EXISTS refusing");
    }

    @Test
    void newAndRepeatedSteps_areCountedSeparately() throws Exception {
        ingest(message(ALICE, step(task, 1)));

        ingest(
                message(ALICE, step(task, 1), step(task, 2), step(task, 3)),
                sentAgo(message(ALICE, step(task, 1)), 2000));

        JsonNode line = JSON.readTree(context.metricLines().get(1));
        assertThat(context.metricLines()).hasSize(2);
        assertThat(line.get("MessagesReceived").asInt()).isEqualTo(2);
        assertThat(line.get("MessagesFailed").asInt()).isZero();
        assertThat(line.get("StepsWritten").asInt()).isEqualTo(2);
        assertThat(line.get("Duplicates").asInt()).isEqualTo(2);
        assertThat(line.get("Conflicts").asInt()).isZero();
        assertThat(line.get("Rejected").asInt()).isZero();
        assertThat(line.get("QueueLag").asLong()).isBetween(2000L, 60_000L);
        assertThat(line.get("task_ids")).containsExactly(JSON.readTree("\"" + task + "\""));
        assertThat(line.get("AWSRequestId").asText()).isEqualTo(context.getAwsRequestId());
    }

    /** A late duplicate must not affect the lag. */
    @Test
    void lag_isMeasuredOnlyForWrittenSteps() throws Exception {
        Instant before = Instant.now();
        ingest(message(ALICE, at(before.minusSeconds(30), step(task, 1))));
        ingest(message(ALICE, at(before.minusSeconds(30), step(task, 1))));

        JsonNode first = JSON.readTree(context.metricLines().get(0));
        assertThat(first.get("EndToEndLag").asLong()).isBetween(30_000L, 90_000L);
        assertThat(first.get("DatabaseConnectLatency").isNumber()).isTrue();
        assertThat(first.get("DatabaseConnectFailures").asInt()).isZero();
        JsonNode second = JSON.readTree(context.metricLines().get(1));
        assertThat(second.has("EndToEndLag")).isFalse();
        assertThat(second.has("DatabaseConnectLatency")).isFalse();
    }

    @Test
    void rejections_areCountedOncePerCause() throws Exception {
        DATABASE.execute("ALTER TABLE task_steps ADD CONSTRAINT refusing CHECK (step_number <> 77) NOT VALID");
        UUID archived = UuidV7.at(TestRecords.START);
        ingest(message(ALICE, step(task, 1)), message(ALICE, step(archived, 1)));
        archive(archived);
        SQSMessage[] bad = {
            message(ALICE, "no JSON"),
            message(ALICE, "{\"v\":1,\"records\":[{\"v\":1,\"record\":\"step\",\"task_id\":\"" + task + "\"}]}"),
            message("AIDASTRANGER", step(task, 2)),
            message(BOB, step(task, 3)),
            message(ALICE, step(task, 1, "another")),
            message(ALICE, step(archived, 1, "again")),
            message(ALICE, step(task, 77))
        };

        ingest(bad);
        ingest(bad);

        assertThat(JSON.readTree(context.metricLines().get(1)).get("Rejected").asInt())
                .isEqualTo(7);
        assertThat(JSON.readTree(context.metricLines().get(1)).get("Conflicts").asInt())
                .isEqualTo(1);
        Map<String, Integer> byReason = new HashMap<>();
        for (String line : context.metricLines()) {
            JsonNode json = JSON.readTree(line);
            if (json.has("Reason")) {
                byReason.merge(json.get("Reason").asText(), json.get("Rejected").asInt(), Integer::sum);
            }
        }
        assertThat(byReason)
                .isEqualTo(Arrays.stream(RejectionCause.values())
                        .collect(Collectors.toMap(RejectionCause::text, cause -> 1)));
    }

    /** Sets the state of an archived task that ingest reads. */
    private static void archive(UUID task) {
        String here = " WHERE task_id = '" + task + "'";
        DATABASE.execute("UPDATE tasks SET status = 'archived', archived_status = 'running'" + here);
        DATABASE.execute("DELETE FROM task_steps" + here);
        DATABASE.execute("INSERT INTO task_processing VALUES ('" + task + "', now(), '{[1,1]}')");
    }

    private static SQSMessage sentAgo(SQSMessage message, long millis) {
        Map<String, String> attributes = new HashMap<>(message.getAttributes());
        attributes.put("SentTimestamp", String.valueOf(System.currentTimeMillis() - millis));
        message.setAttributes(attributes);
        return message;
    }
}
