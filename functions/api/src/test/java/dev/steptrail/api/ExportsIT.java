package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.aws.TestBucket;
import dev.steptrail.report.ExportFailure;
import dev.steptrail.report.ExportFailure.Reason;
import dev.steptrail.report.ExportKey;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.admin.AgentRepository;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.model.Agent;
import dev.steptrail.store.usage.Price;
import dev.steptrail.store.usage.PriceRepository;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests exports of one task. The queue is a local server that records the messages. */
class ExportsIT {
    private static final String REPORT = "GET /api/tasks/{task_id}/report";
    private static final String EXPORT = "GET /api/tasks/{task_id}/export";

    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final TestBucket BUCKET = TestBucket.empty();
    private static final TestQueue QUEUE = new TestQueue();
    private static final BlockingQueue<String> MESSAGES = QUEUE.messages;

    private final UUID task = UuidV7.at(TestRecords.START);
    private final Api alice = api("alice", QUEUE.url());
    private final Api bob = api("bob", QUEUE.url());

    @BeforeAll
    static void register() {
        new AgentRepository(DATABASE.database()).register(new Agent("AIDAALICE", "alice", List.of()));
    }

    @Test
    void missingExport_isQueued_andThenRedirectedTo() {
        write(started(task), step(task, 1), ended(task, TaskStatus.SUCCEEDED, 1));
        MESSAGES.clear();

        Api.Answer first = alice.get(REPORT, task.toString(), "format=pdf&lang=zh");

        assertThat(first.status()).isEqualTo(202);
        assertThat(first.headers()).containsEntry("retry-after", "1").containsEntry("cache-control", "no-store");
        assertThat(first.json().get("status").asText()).isEqualTo("in_progress");
        String key = MESSAGES.remove();
        assertThat(key).matches("exports/alice/" + task + "\\.[0-9a-f]{16}\\.zh\\.pdf");
        assertThat(ExportKey.parse(key)).isPresent();

        BUCKET.put(key, new byte[] {1});
        Api.Answer second = alice.get(REPORT, task.toString(), "format=pdf&lang=zh");
        assertThat(second.status()).isEqualTo(302);
        assertThat(second.headers().get("location")).contains(key.substring(key.indexOf(task.toString())), "X-Amz-");
        assertThat(MESSAGES).isEmpty();

        assertThat(alice.get(EXPORT, task.toString(), "").status()).isEqualTo(202);
        assertThat(MESSAGES.remove()).endsWith(".en.zip");
        assertThat(alice.get(REPORT, task.toString(), "format=html").status()).isEqualTo(202);
        assertThat(MESSAGES.remove()).endsWith(".en.html");
    }

    @Test
    void redirectFalse_returnsTheUrlWithNoStore() {
        write(started(task), step(task, 1), ended(task, TaskStatus.SUCCEEDED, 1));
        for (String route : List.of(EXPORT, REPORT)) {
            String format = route.equals(REPORT) ? "format=html&" : "";
            MESSAGES.clear();
            assertThat(alice.get(route, task.toString(), format + "redirect=false")
                            .status())
                    .isEqualTo(202);
            BUCKET.put(MESSAGES.remove(), new byte[] {1});

            Api.Answer response = alice.get(route, task.toString(), format + "redirect=false");

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.headers())
                    .containsEntry("cache-control", "no-store")
                    .doesNotContainKeys("etag", "location");
            assertThat(response.json().get("url").asText()).contains("/exports/alice/" + task, "X-Amz-Signature=");
            assertThat(Instant.parse(response.json().get("expires_at").asText()))
                    .isAfter(Instant.now());
            assertThat(alice.get(route, task.toString(), format + "redirect=true")
                            .status())
                    .isEqualTo(302);
            assertThat(alice.get(route, task.toString(), format + "redirect=no").status())
                    .isEqualTo(400);
        }
    }

    @Test
    void redirectFalse_byShareLinkWithEverything_returnsTheUrl() {
        write(started(task), step(task, 1), ended(task, TaskStatus.SUCCEEDED, 1));
        String token = alice.share(
                task,
                "{\"include_sensitive\":true,\"include_details\":true,\"include_judgements\":true,"
                        + "\"include_model_calls\":true}");
        MESSAGES.clear();

        assertThat(pdfByLink(token).status()).isEqualTo(202);
        BUCKET.put(MESSAGES.remove(), new byte[] {1});

        assertThat(pdfByLink(token).json().get("url").asText()).contains(".en.pdf?", "X-Amz-Signature=");
    }

    @Test
    void reportByALink_hasItsOwnKey_withoutTheOwner() {
        write(started(task), step(task, 1), ended(task, TaskStatus.SUCCEEDED, 1));
        String token = alice.share(task, "{}");
        MESSAGES.clear();

        assertThat(pdfByLink(token).status()).isEqualTo(202);
        String key = MESSAGES.remove();
        assertThat(key).matches("exports/%links/" + task + "\\.[0-9a-f]{16}\\.en\\.[01]{4}\\.pdf");
        BUCKET.put(key, new byte[] {1});

        assertThat(pdfByLink(token).json().get("url").asText())
                .contains("/exports/%25links/" + task, ".pdf?", "X-Amz-Signature=")
                .doesNotContain("alice", "AIDAALICE");
    }

    private Api.Answer pdfByLink(String token) {
        return alice.call(
                "GET /api/shared/tasks/{task_id}/report",
                Map.of("task_id", task.toString()),
                "format=pdf&redirect=false",
                null,
                Map.of("x-steptrail-share", token));
    }

    @Test
    void changedTask_isExportedAgain() {
        write(started(task), step(task, 1), ended(task, TaskStatus.SUCCEEDED, 2));
        MESSAGES.clear();
        alice.get(EXPORT, task.toString(), "");
        BUCKET.put(MESSAGES.remove(), new byte[] {1});
        assertThat(alice.get(EXPORT, task.toString(), "").status()).isEqualTo(302);

        write(step(task, 2));

        assertThat(alice.get(EXPORT, task.toString(), "").status()).isEqualTo(202);
    }

    @ParameterizedTest
    @CsvSource({"report,format=html", "report,format=pdf&include_model_calls=true", "export,''"})
    void changedOrDeletedPriceOfTheModel_isAnotherExport(String path, String query) {
        write(started(task), step(task, 1)); // the model is glm
        String route = "GET /api/tasks/{task_id}/" + path;
        PriceRepository prices = new PriceRepository(DATABASE.database());
        String unpriced = requestedKey(route, query);

        prices.set(price("glm", "1"), "root");
        String priced = requestedKey(route, query);
        prices.set(price("glm", "100"), "root");
        String changed = requestedKey(route, query);
        prices.set(price("glm-next", "100"), "root");

        assertThat(requestedKey(route, query)).isEqualTo(changed);
        assertThat(List.of(unpriced, priced, changed)).doesNotHaveDuplicates();
        prices.delete(PriceRepository.Key.of(price("glm", "100")), "root");
        assertThat(requestedKey(route, query)).isEqualTo(unpriced);
    }

    private static Price price(String model, String price) {
        BigDecimal amount = new BigDecimal(price);
        return new Price(model, LocalDate.of(2026, 1, 1), "USD", amount, amount, amount);
    }

    private String requestedKey(String route, String query) {
        MESSAGES.clear();
        assertThat(alice.get(route, task.toString(), query).status()).isEqualTo(202);
        return MESSAGES.remove();
    }

    @Test
    void failedExport_isReported_andNotQueuedUntilItExpires() {
        write(started(task), step(task, 1), ended(task, TaskStatus.SUCCEEDED, 1));
        MESSAGES.clear();
        alice.get(EXPORT, task.toString(), "");
        String key = MESSAGES.remove();
        storeFailure(key, Instant.now().minusSeconds(300), Reason.ERROR);

        Api.Answer failed = alice.get(EXPORT, task.toString(), "");

        assertThat(failed.status()).isEqualTo(500);
        assertThat(failed.json().get("type").asText()).isEqualTo("urn:steptrail:problem:export-failed");
        assertThat(failed.json().get("detail").asText())
                .isEqualTo("The export failed. Retry in 5 minutes."
                        + " If it fails again, contact the operator; the log contains the cause.");
        assertThat(Integer.parseInt(failed.headers().get("retry-after"))).isBetween(200, 300);
        assertThat(MESSAGES).isEmpty();
        storeFailure(key, Instant.now(), Reason.UNFINISHED);
        assertThat(alice.get(EXPORT, task.toString(), "").json().get("detail").asText())
                .startsWith("The export exceeded its time or memory limit. Retry in 10 minutes");

        storeFailure(
                key, Instant.now().plusSeconds(600), Reason.UNFINISHED); // stored in advance by an attempt in progress
        assertThat(alice.get(EXPORT, task.toString(), "").status()).isEqualTo(202);
        assertThat(MESSAGES).containsExactly(key);
        MESSAGES.clear();

        storeFailure(key, Instant.now().minusSeconds(600), Reason.ERROR);
        assertThat(alice.get(EXPORT, task.toString(), "").status()).isEqualTo(202);
        assertThat(MESSAGES).containsExactly(key);

        storeFailure(key, Instant.now(), Reason.ERROR);
        BUCKET.put(key, new byte[] {1}); // by a later attempt
        assertThat(alice.get(EXPORT, task.toString(), "").status()).isEqualTo(302);
    }

    @Test
    void taskOfAnotherOwner_is404_andIsNotQueued() {
        write(started(task));
        MESSAGES.clear();

        assertThat(bob.get(EXPORT, task.toString(), "").status()).isEqualTo(404);
        assertThat(bob.get(REPORT, task.toString(), "format=pdf").status()).isEqualTo(404);
        assertThat(MESSAGES).isEmpty();
    }

    @Test
    void exportsOfOneOwner_useTwoMessageGroups() {
        QUEUE.groups.clear();
        write(started(task), ended(task, TaskStatus.SUCCEEDED, 0));
        for (String query : List.of("format=html", "format=pdf", "format=html&lang=zh", "format=pdf&lang=zh")) {
            assertThat(alice.get(REPORT, task.toString(), query).status()).isEqualTo(202);
        }
        UUID other = UuidV7.at(TestRecords.START);
        write(started(other), step(other, 1));
        assertThat(alice.get(EXPORT, other.toString(), "").status()).isEqualTo(202);

        assertThat(QUEUE.groups).hasSizeBetween(1, 2).allMatch(group -> group.matches("[0-9a-f]{64}\\.[01]"));
        assertThat(QUEUE.groups.stream().map(group -> group.substring(0, 64)).distinct())
                .hasSize(1);
    }

    @Test
    void unavailableQueue_is503() {
        write(started(task));

        Api.Answer answer = api("alice", "http://127.0.0.1:1/0/exports.fifo").get(EXPORT, task.toString(), "");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.json().get("detail").asText()).startsWith("The export is temporarily unavailable");
    }

    private static void storeFailure(String key, Instant at, Reason reason) {
        BUCKET.put(ExportFailure.key(key), new ExportFailure(at, reason).text().getBytes(StandardCharsets.UTF_8));
    }

    private static Api api(String user, String queueUrl) {
        Map<String, String> settings =
                TestSettings.of(DATABASE, BUCKET.settings("STEPTRAIL_EXPORTS_QUEUE_URL", queueUrl));
        return new Api(new ApiHandler(settings), Map.of("sub", user));
    }

    private static void write(StepRecord... records) {
        new DatabaseStepWriter(DATABASE.database()).write(List.of(message("AIDAALICE", records)));
    }
}
