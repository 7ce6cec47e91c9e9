package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.Payload;
import dev.steptrail.stepformat.PayloadCodec;
import dev.steptrail.stepformat.RecordCodec;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Tests retries of rejected messages. */
class RetryIT extends RejectedMessagesTestBase {
    @Test
    void messageOfANowRegisteredSender_isStored_andItsRowIsDeleted() {
        ingest(sender, started(task), step(task, 1, SECRET), step(task, 2, SECRET));
        register(sender, "ann");
        String id = onlyId();

        Api.Answer answer = admin.call(RETRY, id, "", null);

        assertThat(answer.body())
                .isEqualTo("{\"id\":" + id + ",\"outcome\":\"stored\",\"reason\":null,\"steps\":2,\"duplicates\":0,"
                        + "\"rejected\":0,\"dropped\":0}");
        assertThat(rejectedIds()).isEmpty();
        assertThat(new Api(HANDLER, Map.of("sub", "ann"))
                        .get(ApiTestBase.STEPS, task.toString(), "")
                        .json()
                        .get("steps"))
                .hasSize(2);
        assertThat(answer.logged()).contains("\"ingested\"").doesNotContain(SECRET);
        assertThat(admin.call(RETRY, id, "", null).status()).isEqualTo(404);
        assertThat(audited("retry_rejected"))
                .contains("root " + task + " ann {\"id\": " + id + ", \"outcome\": \"stored\", \"sender_id\": \""
                        + sender + "\"}");
    }

    @Test
    void stillInvalidMessage_isReportedWithItsReason_andKeptOnce() {
        register(sender, "ann");
        ingest(sender, json(step(task, 1, SECRET)).replace("\"step_number\":1", "\"step_number\":\"" + SECRET + "\""));
        ingest(sender, "{\"v\":1,\"records\":[" + SECRET);

        for (String id : rejectedIds()) {
            Api.Answer answer = admin.call(RETRY, id, "", null);

            assertThat(answer.json().get("outcome").asText()).isEqualTo("rejected_again");
            assertThat(answer.json().get("reason")).isEqualTo(show(id).get("reason"));
            assertThat(answer.body() + answer.logged() + audited("retry_rejected"))
                    .doesNotContain(SECRET);
        }
        assertThat(rejectedIds()).hasSize(2);
    }

    @Test
    void messageWithOneInvalidRecord_keepsOnlyThatRecordWithItsReason() {
        String bad = json(step(task, 2)).replace("\"step_number\":2", "\"step_number\":\"two\"");
        ingest(sender, "{\"v\":1,\"records\":[" + record(json(step(task, 1))) + "," + record(bad) + "]}");
        register(sender, "ann");
        String before = onlyId();

        JsonNode answer = retry(before);

        assertThat(answer.get("outcome").asText()).isEqualTo("rejected_again");
        assertThat(answer.get("reason").asText()).startsWith("step_number: must be");
        assertThat(answer.get("steps").asInt()).isEqualTo(1);
        assertThat(onlyId()).isNotEqualTo(before);
        assertThat(show(onlyId()).get("body").asText()).isEqualTo(bad);
    }

    @Test
    void messageRejectedForAnotherReason_isKeptOnceWithThatReason() {
        register("AIDAOTHER", "berta");
        ingest("AIDAOTHER", step(task, 1));
        ingest(sender, step(task, 2));
        register(sender, "ann");

        JsonNode answer = retry(onlyId());

        assertThat(answer.get("reason").asText()).isEqualTo("task_id: the task belongs to another owner");
        assertThat(show(onlyId()).get("reason")).isEqualTo(answer.get("reason"));
        assertThat(show(onlyId()).get("task_id").asText()).isEqualTo(task.toString());
    }

    @Test
    void conflict_isNotCountedAgain_untilTheOtherStepIsDeleted() {
        register(sender, "ann");
        ingest(sender, step(task, 1, "first"));
        ingest(sender, step(task, 1, "second"));
        String id = onlyId();

        assertThat(retry(id).get("outcome").asText()).isEqualTo("rejected_again");
        assertThat(onlyId()).isEqualTo(id);
        assertThat(DATABASE.value("SELECT conflicting_steps FROM tasks WHERE task_id = '" + task + "'"))
                .isEqualTo("1");

        DATABASE.execute("DELETE FROM task_steps WHERE task_id = '" + task + "'");
        assertThat(retry(id).get("outcome").asText()).isEqualTo("stored");
        assertThat(rejectedIds()).isEmpty();
    }

    @Test
    void messageStoredInTheMeantime_isADuplicate_andItsRowIsDeleted() {
        ingest(sender, step(task, 1));
        register(sender, "ann");
        ingest(sender, step(task, 1));

        JsonNode answer = retry(onlyId());

        assertThat(answer.get("outcome").asText()).isEqualTo("stored");
        assertThat(answer.get("duplicates").asInt()).isEqualTo(1);
        assertThat(rejectedIds()).isEmpty();
    }

    @Test
    void recordOfADeletedTask_isDropped_andItsRowIsDeleted() {
        ingest(sender, step(task, 1));
        register(sender, "ann");
        ingest(sender, step(task, 2));
        DATABASE.execute("UPDATE tasks SET status = 'deleted', deleted_at = now() WHERE task_id = '" + task + "'");

        assertThat(retry(onlyId()).get("outcome").asText()).isEqualTo("dropped");
        assertThat(rejectedIds()).isEmpty();
    }

    @Test
    void recordInTheBucket_isReadOnceItExists() throws Exception {
        register(sender, "ann");
        byte[] object = PayloadCodec.encode(RecordCodec.encode(step(task, 1, "x".repeat(300_000))));
        String key = "payloads/" + sender + "/" + task + "/1.gz";
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(object));
        ingest(sender, MessageCodec.encode(List.of(PayloadCodec.encodeClaim(new Payload(key, hash, object.length)))));
        String id = onlyId();

        assertThat(retry(id).get("reason").asText()).isEqualTo("payload.path: the object does not exist");
        BUCKET.put(key, object);
        Map<String, String> wrong = new HashMap<>(SETTINGS);
        wrong.put("AWS_SECRET_ACCESS_KEY", "wrong");
        Api.Answer away = new Api(new ApiHandler(wrong), ADMIN).call(RETRY, id, "", null);

        assertThat(away.status()).isEqualTo(503);
        assertThat(away.logged()).contains("bucket_unavailable");
        assertThat(onlyId()).isEqualTo(id);
        assertThat(retry(id).get("outcome").asText()).isEqualTo("stored");
        assertThat(rejectedIds()).isEmpty();
    }

    @Test
    void retryWithReadOnlyDatabase_is503_andTheRowStays() {
        ingest(sender, step(task, 1, SECRET));
        register(sender, "ann");
        DATABASE.execute(
                "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room for %',"
                        + " NEW.thinking USING ERRCODE = '53100'; END $$");
        DATABASE.execute("CREATE TRIGGER no_room BEFORE INSERT ON task_steps FOR EACH ROW WHEN (NEW.task_id = '" + task
                + "') EXECUTE FUNCTION no_room()");

        Api.Answer answer = admin.call(RETRY, onlyId(), "", null);

        DATABASE.execute("DROP FUNCTION no_room() CASCADE");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body() + answer.logged()).doesNotContain(SECRET);
        assertThat(retry(onlyId()).get("outcome").asText()).isEqualTo("stored");
    }

    @Test
    void concurrentRetries_storeTheMessageOnce() throws Exception {
        ingest(sender, step(task, 1), step(task, 2));
        register(sender, "ann");
        String id = onlyId();
        List<Callable<Api.Answer>> retries = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Api another = new Api(new ApiHandler(SETTINGS), ADMIN);
            retries.add(() -> another.call(RETRY, id, "", null));
        }

        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (Future<Api.Answer> answer : threads.invokeAll(retries)) {
                assertThat(answer.get().status()).isIn(200, 404);
            }
        } finally {
            threads.shutdown();
        }

        assertThat(DATABASE.value(
                        "SELECT concat(total_steps, ' ', conflicting_steps) FROM tasks WHERE task_id = '" + task + "'"))
                .isEqualTo("2 0");
        assertThat(rejectedIds()).isEmpty();
        assertThat(audited("retry_rejected"))
                .filteredOn(row -> row.contains("\"id\": " + id + ","))
                .hasSize(1);
    }

    private JsonNode retry(String id) {
        return admin.call(RETRY, id, "", null).json();
    }

    private static String record(String message) {
        return message.substring("{\"v\":1,\"records\":[".length(), message.length() - 2);
    }
}
