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
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Tests exports of one task. The queue is a local server that records the messages. */
class ExportsIT {
    private static final String REPORT = "GET /api/tasks/{task_id}/report";
    private static final String EXPORT = "GET /api/tasks/{task_id}/export";

    private static final TestDatabase DATABASE = TestDatabase.migrated().register("AIDAALICE", "alice");
    private static final TestBucket BUCKET = TestBucket.empty();
    private static final TestQueue QUEUE = new TestQueue();
    private static final BlockingQueue<String> MESSAGES = QUEUE.messages;

    private final UUID task = UuidV7.at(TestRecords.START);
    private final Api alice = api("alice", QUEUE.url());
    private final Api bob = api("bob", QUEUE.url());

    @Test
    void missingExport_isQueued_andThenRedirectedTo() {
        write(started(task), step(task, 1), ended(task, TaskStatus.SUCCEEDED, 1));
        MESSAGES.clear();

        Api.Answer first = alice.get(REPORT, task, "format=pdf&lang=zh");

        assertThat(first.status()).isEqualTo(202);
        assertThat(first.headers()).containsEntry("retry-after", "1").containsEntry("cache-control", "no-store");
        assertThat(first.text("/status")).isEqualTo("in_progress");
        String key = MESSAGES.remove();
        assertThat(key).matches("exports/alice/" + task + "\\.[0-9a-f]{16}\\.zh\\.pdf");
        assertThat(ExportKey.parse(key)).isPresent();

        BUCKET.put(key, new byte[] {1});
        Api.Answer second = alice.get(REPORT, task, "format=pdf&lang=zh");
        assertThat(second.status()).isEqualTo(302);
        assertThat(second.headers().get("location")).contains(key.substring(key.indexOf(task.toString())), "X-Amz-");
        assertThat(MESSAGES).isEmpty();

        assertThat(alice.get(EXPORT, task).status()).isEqualTo(202);
        assertThat(MESSAGES.remove()).endsWith(".en.zip");
        assertThat(alice.get(REPORT, task, "format=html").status()).isEqualTo(202);
        assertThat(MESSAGES.remove()).endsWith(".en.html");
    }

    @Test
    void redirectFalse_returnsTheUrlWithNoStore() {
        write(started(task), step(task, 1), ended(task, TaskStatus.SUCCEEDED, 1));
        MESSAGES.clear();
        assertThat(alice.get(EXPORT, task, "redirect=false").status()).isEqualTo(202);
        BUCKET.put(MESSAGES.remove(), new byte[] {1});

        Api.Answer response = alice.get(EXPORT, task, "redirect=false");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.headers())
                .containsEntry("cache-control", "no-store")
                .doesNotContainKeys("etag", "location");
        assertThat(response.text("/url")).contains("/exports/alice/" + task, "X-Amz-Signature=");
        assertThat(Instant.parse(response.text("/expires_at"))).isAfter(Instant.now());
        assertThat(alice.get(EXPORT, task, "redirect=true").status()).isEqualTo(302);
        assertThat(alice.get(EXPORT, task, "redirect=no").status()).isEqualTo(400);
    }

    @Test
    void reportByALink_hasItsOwnKey_withoutTheOwner() {
        write(started(task), step(task, 1), ended(task, TaskStatus.SUCCEEDED, 1));
        String token = alice.share(task, "{}");
        Supplier<Api.Answer> report = () -> alice.shared(REPORT, task, "format=pdf&redirect=false", token);
        MESSAGES.clear();

        assertThat(report.get().status()).isEqualTo(202);
        String key = MESSAGES.remove();
        assertThat(key).matches("exports/%links/" + task + "\\.[0-9a-f]{16}\\.en\\.[01]{4}\\.pdf");
        BUCKET.put(key, new byte[] {1});

        assertThat(report.get().text("/url"))
                .contains("/exports/%25links/" + task, ".pdf?", "X-Amz-Signature=")
                .doesNotContain("alice", "AIDAALICE");
    }

    @Test
    void changedOrDeletedPriceOfTheModel_isAnotherExport() {
        write(started(task), step(task, 1)); // the model is glm
        PriceRepository prices = new PriceRepository(DATABASE.database());
        String unpriced = requestedKey();

        prices.set(price("glm", "1"), "root");
        String priced = requestedKey();
        prices.set(price("glm", "100"), "root");
        String changed = requestedKey();
        prices.set(price("glm-next", "100"), "root");

        assertThat(requestedKey()).isEqualTo(changed);
        assertThat(List.of(unpriced, priced, changed)).doesNotHaveDuplicates();
        prices.delete(PriceRepository.Key.of(price("glm", "100")), "root");
        assertThat(requestedKey()).isEqualTo(unpriced);
    }

    private static Price price(String model, String price) {
        BigDecimal amount = new BigDecimal(price);
        return new Price(model, LocalDate.of(2026, 1, 1), "USD", amount, amount, amount);
    }

    private String requestedKey() {
        MESSAGES.clear();
        assertThat(alice.get(EXPORT, task).status()).isEqualTo(202);
        return MESSAGES.remove();
    }

    @Test
    void failedExport_isReported_andNotQueuedUntilItExpires() {
        write(started(task), step(task, 1), ended(task, TaskStatus.SUCCEEDED, 1));
        MESSAGES.clear();
        alice.get(EXPORT, task);
        String key = MESSAGES.remove();
        storeFailure(key, Instant.now().minusSeconds(300), Reason.ERROR);

        Api.Answer failed = alice.get(EXPORT, task);

        assertThat(failed.problem()).isEqualTo("500 export-failed");
        assertThat(failed.detail())
                .isEqualTo("The export failed. Retry in 5 minutes."
                        + " If it fails again, contact the operator; the log contains the cause.");
        assertThat(Integer.parseInt(failed.headers().get("retry-after"))).isBetween(200, 300);
        assertThat(MESSAGES).isEmpty();
        storeFailure(key, Instant.now(), Reason.UNFINISHED);
        assertThat(alice.get(EXPORT, task).detail())
                .startsWith("The export exceeded its time or memory limit. Retry in 10 minutes");

        storeFailure(
                key, Instant.now().plusSeconds(600), Reason.UNFINISHED); // stored in advance by an attempt in progress
        assertThat(alice.get(EXPORT, task).status()).isEqualTo(202);
        assertThat(MESSAGES).containsExactly(key);
        MESSAGES.clear();

        storeFailure(key, Instant.now().minusSeconds(600), Reason.ERROR);
        assertThat(alice.get(EXPORT, task).status()).isEqualTo(202);
        assertThat(MESSAGES).containsExactly(key);

        storeFailure(key, Instant.now(), Reason.ERROR);
        BUCKET.put(key, new byte[] {1}); // by a later attempt
        assertThat(alice.get(EXPORT, task).status()).isEqualTo(302);
    }

    @Test
    void taskOfAnotherOwner_is404_andIsNotQueued() {
        write(started(task));
        MESSAGES.clear();

        assertThat(bob.get(EXPORT, task).status()).isEqualTo(404);
        assertThat(bob.get(REPORT, task, "format=pdf").status()).isEqualTo(404);
        assertThat(MESSAGES).isEmpty();
    }

    @Test
    void exportsOfOneOwner_useTwoMessageGroups() {
        QUEUE.groups.clear();
        write(started(task), ended(task, TaskStatus.SUCCEEDED, 0));
        for (String query : List.of("format=html", "format=pdf", "format=html&lang=zh", "format=pdf&lang=zh")) {
            assertThat(alice.get(REPORT, task, query).status()).isEqualTo(202);
        }
        UUID other = UuidV7.at(TestRecords.START);
        write(started(other), step(other, 1));
        assertThat(alice.get(EXPORT, other).status()).isEqualTo(202);

        assertThat(QUEUE.groups).hasSizeBetween(1, 2).allMatch(group -> group.matches("[0-9a-f]{64}\\.[01]"));
        assertThat(QUEUE.groups.stream().map(group -> group.substring(0, 64)).distinct())
                .hasSize(1);
    }

    @Test
    void unavailableQueue_is503() {
        write(started(task));

        Api.Answer answer = api("alice", "http://127.0.0.1:1/0/exports.fifo").get(EXPORT, task);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.detail()).startsWith("The export is temporarily unavailable");
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
        DATABASE.write(message("AIDAALICE", records));
    }
}
