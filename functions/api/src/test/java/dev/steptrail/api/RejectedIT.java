package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.bucket.TestBucket;
import dev.steptrail.ingest.IngestHandler;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.Payload;
import dev.steptrail.stepformat.PayloadCodec;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestContext;
import dev.steptrail.store.TestRecords;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Rejected messages as admins see them, and what becomes of each that is tried again. */
class RejectedIT extends CallsAdminApi {
    private static final String SECRET = "swordfish-42";
    private static final TestBucket BUCKET = TestBucket.empty();
    private static final Map<String, String> SETTINGS = DATABASE.settings(BUCKET.settings());
    private static final ApiHandler HANDLER = new ApiHandler(SETTINGS);
    private static final IngestHandler INGEST = new IngestHandler(SETTINGS);
    private static final String UNREGISTERED = "the sender: is not registered; register it as an agent";

    private final UUID task = UuidV7.at(TestRecords.START);
    private final String sender = "AROA" + task + ":laptop";
    private final Api admin = new Api(HANDLER, ADMIN);

    @Test
    void theList_isFilteredAndPaged_newestFirst_andShowsNoBody() {
        ingest(sender, step(task, 1, SECRET));
        ingest(sender, step(task, 2, SECRET));
        register(sender, "owner-" + task);
        ingest(sender, json(step(task, 3, SECRET)).replace("\"step_number\":3", "\"step_number\":\"" + SECRET + "\""));
        List<String> ids = rejectedIds(); // newest first

        JsonNode first = list("limit=2&sender_id=" + sender);
        JsonNode second = list("limit=2&sender_id=" + sender + "&cursor="
                + first.get("next_cursor").asText());

        assertThat(ids(first)).isEqualTo(ids.subList(0, 2));
        assertThat(ids(second)).isEqualTo(ids.subList(2, 3));
        assertThat(second.get("next_cursor").isNull()).isTrue();
        assertThat(ids(list("owner=owner-" + task))).isEqualTo(ids.subList(0, 1));
        assertThat(first + " " + second).contains(UNREGISTERED).doesNotContain(SECRET);
        assertThat(second.get("rejected").get(0).fieldNames())
                .toIterable()
                .containsExactly("id", "rejected_at", "sender_id", "owner", "task_id", "step_number", "reason");
    }

    @Test
    void aFilterThatIsNone_is400() {
        assertThat(admin.get(REJECTED, null, "task_id=x").json().get("detail").asText())
                .isEqualTo("task_id: must be a UUID in lower case.");
        assertThat(admin.get(REJECTED, null, "owner=\0").status()).isEqualTo(400);
        assertThat(admin.get(REJECTED, null, "reason=x").status()).isEqualTo(400);
    }

    @Test
    void theBody_isShownAsText_howeverItCame() {
        StepRecord large = step(task, 1, "天".repeat(10_000));
        ingest(sender, large);
        ingest(sender, new MessageBody("%%%", MessageBody.GZIP));
        ingest(sender, new MessageBody(quotes(600_000), null));
        List<String> ids = rejectedIds();

        JsonNode cut = show(ids.get(0));
        JsonNode garbage = show(ids.get(1));
        JsonNode gzip = show(ids.get(2));

        assertThat(gzip.get("body").asText()).isEqualTo(json(large));
        assertThat(gzip.get("body_encoding").isNull()).isTrue();
        assertThat(gzip.get("body_length").asInt()).isEqualTo(json(large).length());
        assertThat(garbage.get("body").asText()).isEqualTo("%%%");
        assertThat(garbage.get("body_encoding").asText()).isEqualTo("gzip");
        assertThat(cut.get("body").asText()).isEqualTo(quotes(512 * 1024));
        assertThat(cut.get("body_length").asInt()).isEqualTo(600_000);
    }

    @Test
    void ofASenderThatIsRegisteredNow_allIsStored_andTheRowGoes() {
        ingest(sender, started(task), step(task, 1, SECRET), step(task, 2, SECRET));
        register(sender, "ann");
        String id = onlyId();

        Api.Answer answer = admin.call(RETRY, id, "", null);

        assertThat(answer.body())
                .isEqualTo("{\"id\":" + id + ",\"outcome\":\"stored\",\"reason\":null,\"steps\":2,\"duplicates\":0,"
                        + "\"rejected\":0,\"dropped\":0}");
        assertThat(rejectedIds()).isEmpty();
        assertThat(new Api(HANDLER, Map.of("sub", "ann"))
                        .get(CallsApi.STEPS, task.toString(), "")
                        .json()
                        .get("steps"))
                .hasSize(2);
        assertThat(answer.logged()).contains("\"ingested\"").doesNotContain(SECRET);
        assertThat(admin.call(RETRY, id, "", null).status()).isEqualTo(404);
        assertThat(audited("retry_rejected"))
                .contains("root {\"id\": " + id + ", \"outcome\": \"stored\", \"sender_id\": \"" + sender + "\"}");
    }

    @Test
    void whatIsStillBad_isToldWithItsReason_andKeptOnce() {
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
    void ofAMessageWithGoodRecordsAndABadOne_theBadOneAloneIsKept_withAReasonOfItsOwn() {
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
    void whatIsRejectedForAnotherReasonNow_isKeptOnceWithThatReason() {
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
    void aConflict_staysOne_andIsNotCountedAgain_untilTheOtherStepIsGone() {
        register(sender, "ann");
        ingest(sender, step(task, 1, "first"));
        ingest(sender, step(task, 1, "second"));
        String id = onlyId();

        assertThat(retry(id).get("outcome").asText()).isEqualTo("rejected_again");
        assertThat(onlyId()).isEqualTo(id);
        assertThat(DATABASE.value("SELECT conflicts FROM tasks WHERE task_id = '" + task + "'"))
                .isEqualTo("1");

        DATABASE.execute("DELETE FROM task_steps WHERE task_id = '" + task + "'");
        assertThat(retry(id).get("outcome").asText()).isEqualTo("stored");
        assertThat(rejectedIds()).isEmpty();
    }

    @Test
    void whatWasStoredMeanwhile_isADuplicate_andTheRowGoes() {
        ingest(sender, step(task, 1));
        register(sender, "ann");
        ingest(sender, step(task, 1));

        JsonNode answer = retry(onlyId());

        assertThat(answer.get("outcome").asText()).isEqualTo("stored");
        assertThat(answer.get("duplicates").asInt()).isEqualTo(1);
        assertThat(rejectedIds()).isEmpty();
    }

    @Test
    void aRecordOfADeletedTask_isDropped_andTheRowGoes() {
        ingest(sender, step(task, 1));
        register(sender, "ann");
        ingest(sender, step(task, 2));
        DATABASE.execute("UPDATE tasks SET status = 'deleted', deleted_at = now() WHERE task_id = '" + task + "'");

        assertThat(retry(onlyId()).get("outcome").asText()).isEqualTo("dropped");
        assertThat(rejectedIds()).isEmpty();
    }

    @Test
    void aRecordInTheBucket_isFetchedOnceItIsThere() throws Exception {
        register(sender, "ann");
        byte[] object = PayloadCodec.encode(RecordCodec.encode(step(task, 1, "x".repeat(300_000))));
        String key = "payloads/" + sender + "/" + task + "/1.gz";
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(object));
        ingest(sender, MessageCodec.encode(List.of(PayloadCodec.claim(new Payload(key, hash, object.length)))));
        String id = onlyId();

        assertThat(retry(id).get("reason").asText()).isEqualTo("payload.path: there is no such object");
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
    void whileTheDatabaseCannotWrite_itIs503_andTheRowStays() {
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
    void severalRetriesAtOnce_storeItOnce() throws Exception {
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
                        "SELECT concat(total_steps, ' ', conflicts) FROM tasks WHERE task_id = '" + task + "'"))
                .isEqualTo("2 0");
        assertThat(rejectedIds()).isEmpty();
        assertThat(audited("retry_rejected"))
                .filteredOn(row -> row.contains("\"id\": " + id + ","))
                .hasSize(1);
    }

    @Test
    void aDiscardedMessage_isGone_andWrittenDownWithoutItsBody() {
        register(sender, "ann");
        ingest(sender, step(task, 1, "first"));
        ingest(sender, step(task, 1, SECRET));
        String id = onlyId();

        assertThat(admin.call(DISCARD, id, "", null).status()).isEqualTo(204);
        assertThat(admin.call(DISCARD, id, "", null).status()).isEqualTo(404);

        assertThat(rejectedIds()).isEmpty();
        assertThat(audited("discard_rejected"))
                .first()
                .asString()
                .startsWith("root " + task + " ann {\"id\": " + id + ", \"reason\": \"conflict: ")
                .doesNotContain(SECRET);
    }

    @Test
    void whatIsNoId_is404() {
        for (String id : List.of("0", "-1", "x", "99999999999999999999", "1;DROP", "")) {
            assertThat(admin.call(RETRY, id, "", null).status()).isEqualTo(404);
            assertThat(admin.get(SHOW, id, "").status()).isEqualTo(404);
        }
    }

    @Override
    JsonNode retry(String id) {
        return admin.call(RETRY, id, "", null).json();
    }

    private JsonNode show(String id) {
        return admin.get(SHOW, id, "").json();
    }

    private JsonNode list(String query) {
        return admin.get(REJECTED, null, query).json();
    }

    private static List<String> ids(JsonNode page) {
        return page.get("rejected").findValuesAsText("id");
    }

    /** Of this test's sender, newest first. */
    private List<String> rejectedIds() {
        return DATABASE.column("SELECT id FROM rejected_messages WHERE sender_id = '" + sender + "' ORDER BY id DESC");
    }

    private String onlyId() {
        assertThat(rejectedIds()).hasSize(1);
        return rejectedIds().get(0);
    }

    private static void ingest(String sender, StepRecord... records) {
        ingest(
                sender,
                MessageCodec.encode(
                        Arrays.stream(records).map(RecordCodec::encode).toList()));
    }

    private static void ingest(String sender, String json) {
        ingest(sender, new MessageBody(json, null));
    }

    private static void ingest(String sender, MessageBody body) {
        assertThat(INGEST.handleRequest(Delivered.event(sender, body), new TestContext())
                        .getBatchItemFailures())
                .isEmpty();
    }

    /** A message of one record. */
    private static String json(StepRecord record) {
        return "{\"v\":1,\"records\":[" + new String(RecordCodec.encode(record), StandardCharsets.UTF_8) + "]}";
    }

    private static String record(String message) {
        return message.substring("{\"v\":1,\"records\":[".length(), message.length() - 2);
    }

    private static String quotes(int length) {
        return "\"".repeat(length);
    }
}
