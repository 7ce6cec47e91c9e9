package dev.steptrail.ingest;

import static dev.steptrail.ingest.Messages.event;
import static dev.steptrail.ingest.Messages.message;
import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.withScreenshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.bucket.TestBucket;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.Agent;
import dev.steptrail.store.RegisterAgent;
import dev.steptrail.store.TestContext;
import dev.steptrail.store.TestDatabase;
import dev.steptrail.store.TestRecords;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class IngestHandlerIT {
    private static final String ALICE = "AROAALICE:laptop";
    private static final String BOB = "AIDABOB";
    private static final String PROXY = "AIDAPROXY";
    private static final TestDatabase DATABASE = TestDatabase.migrated();
    private static final TestBucket BUCKET = TestBucket.empty();

    private final IngestHandler handler = new IngestHandler(DATABASE.settings(BUCKET.settings()));
    private final TestContext context = new TestContext();
    private final UUID task = UuidV7.at(TestRecords.START);

    @BeforeAll
    static void register() {
        RegisterAgent agents = new RegisterAgent(DATABASE.database());
        agents.register(new Agent("AROAALICE", "alice", List.of()));
        agents.register(new Agent(BOB, "bob", List.of()));
        agents.register(new Agent(PROXY, "proxy", List.of("alice")));
    }

    @Test
    void goodMessages_becomeATaskAndItsSteps() {
        String key = "screenshots/AROAALICE:desktop/" + task + "/a.webp";

        assertThat(ingest(
                        message(ALICE, started(task), withScreenshot(step(task, 1), FrameRole.BEFORE, key)),
                        message(ALICE, step(task, 5), ended(task, TaskStatus.SUCCEEDED, 5))))
                .isEmpty();

        assertThat(task("concat_ws(' ', owner, name, status, ending, last_step_number)"))
                .isEqualTo("alice camera succeeded finished 5");
        assertThat(counters()).isEqualTo("2 1 1 600");
        assertThat(steps("thinking")).containsOnly(TestRecords.THINKING);
        assertThat(steps("screenshot_path")).containsExactly(key, null);
        assertThat(steps("step_data->>'action'"))
                .first()
                .isEqualTo("{\"action\":\"Tap\",\"element\":[499,842],\"_metadata\":\"do\"}");
        assertThat(DATABASE.value("SELECT metadata FROM step_screenshots WHERE task_id = '" + task + "'"))
                .isEqualTo("{\"luck\":7}");
    }

    @Test
    void aMessageThatComesAgain_changesNothing() {
        SQSMessage message = message(ALICE, started(task), step(task, 1), step(task, 2));

        ingest(message, message);
        ingest(message);

        assertThat(counters()).isEqualTo("2 2 0 300");
        assertThat(context.logged()).contains("\"steps\":0,\"duplicates\":2,\"conflicts\":0,\"rejected\":0");
    }

    @Test
    void anotherStepOfTheSameNumber_isKeptAsAConflictAndCountedOnce() {
        SQSMessage other = message(ALICE, step(task, 1, "something else"));

        ingest(message(ALICE, step(task, 1)), other);
        ingest(other);

        assertThat(counters()).isEqualTo("1 1 0 100");
        assertThat(task("conflicts")).isEqualTo("1");
        assertThat(steps("thinking")).containsExactly(TestRecords.THINKING);
        assertThat(rejections("sender_id = '" + ALICE + "' AND task_id = '" + task + "'"))
                .containsExactly("conflict: another step has this number in this task");
    }

    @Test
    void recordsInAnyOrder_makeTheSameTask() {
        ingest(message(ALICE, ended(task, TaskStatus.FAILED, 2)));
        ingest(message(ALICE, step(task, 2)));
        ingest(message(ALICE, started(task)));
        ingest(message(ALICE, step(task, 1)));

        assertThat(task("concat_ws(' ', name, status, ending, started_at AT TIME ZONE 'UTC')"))
                .isEqualTo("camera failed ended_without_finish 2026-03-01 10:00:00");
        assertThat(counters()).isEqualTo("2 2 0 300");
    }

    @Test
    void aStepTakenAfterItsTaskWasAbandoned_makesItRunAgain() {
        ingest(message(ALICE, step(task, 1), ended(task, TaskStatus.ABANDONED, 1)));
        assertThat(task("status")).isEqualTo("abandoned");

        ingest(message(ALICE, step(task, 2)));

        assertThat(task("concat_ws(' ', status, ending, ended_at)")).isEqualTo("running");
    }

    @Test
    void aStepFromBeforeItsTaskWasAbandoned_leavesItSo() {
        ingest(message(ALICE, ended(task, TaskStatus.ABANDONED, 2)));

        ingest(message(ALICE, step(task, 1)));

        assertThat(task("status")).isEqualTo("abandoned");
    }

    @Test
    void aDeletedTask_staysDeleted() {
        ingest(message(ALICE, step(task, 1)));
        DATABASE.execute("DELETE FROM task_steps WHERE task_id = '" + task + "'");
        DATABASE.execute(
                "UPDATE tasks SET status = 'deleted', deleted_at = now(), total_steps = 0, successful_steps = 0"
                        + " WHERE task_id = '" + task + "'");

        assertThat(ingest(message(ALICE, step(task, 2)))).isEmpty();

        assertThat(steps("step_number")).isEmpty();
        assertThat(task("status || total_steps")).isEqualTo("deleted0");
        assertThat(context.logged()).contains("\"dropped\":1");
    }

    @Test
    void aSenderThatNobodyRegistered_isRejectedAndAcknowledged() {
        assertThat(ingest(message("AIDASTRANGER", step(task, 1)))).isEmpty();

        assertThat(rejections("sender_id = 'AIDASTRANGER'"))
                .containsExactly("the sender: is not registered; register it as an agent");
        assertThat(DATABASE.value("SELECT count(*) FROM tasks WHERE task_id = '" + task + "'"))
                .isEqualTo("0");
    }

    @Test
    void aStepForAnotherOwnersTask_isRejected() {
        ingest(message(BOB, step(task, 1)));

        assertThat(ingest(message(ALICE, started(task), step(task, 2)), message(BOB, step(task, 3))))
                .isEmpty();

        assertThat(task("owner")).isEqualTo("bob");
        assertThat(steps("step_number")).containsExactly("1", "3");
        assertThat(rejections("task_id = '" + task + "'"))
                .containsExactly(
                        "task_id: the task belongs to another owner", "task_id: the task belongs to another owner");
    }

    @Test
    void twoOwnersThatClaimANewTaskInOneBatch_theFirstHasIt() {
        ingest(message(BOB, step(task, 1)), message(ALICE, step(task, 1)));

        assertThat(task("owner || total_steps")).isEqualTo("bob1");
        assertThat(rejections("task_id = '" + task + "'")).hasSize(1);
    }

    @Test
    void onBehalfOfAnOwnerThatTheAgentMayRecordFor_theTaskIsTheirs() {
        ingest(message(PROXY, step(task, 1)));
        ingest(message(PROXY, started(task, "alice")));
        ingest(message(PROXY, step(task, 2)));

        assertThat(task("owner || total_steps")).isEqualTo("alice2");
        assertThat(rejections("task_id = '" + task + "'")).isEmpty();
    }

    @Test
    void onBehalfOfAnybodyElse_isRejected() {
        ingest(message(PROXY, started(task, "bob")));

        assertThat(rejections("task_id = '" + task + "'"))
                .containsExactly("on_behalf_of: this sender may not record for that owner");
    }

    @Test
    void aScreenshotUnderAnotherOwnersKeys_isRejectedAndItsNeighboursAreKept() {
        String bobs = "screenshots/" + BOB + "/" + task + "/a.webp";

        ingest(message(ALICE, withScreenshot(step(task, 1), FrameRole.BEFORE, bobs), step(task, 2)));

        assertThat(steps("step_number")).containsExactly("2");
        assertThat(rejections("task_id = '" + task + "'"))
                .singleElement()
                .asString()
                .startsWith("screenshots[0].screenshot_path: must be screenshots/<sender>/<task_id>/<file>");
    }

    @Test
    void aBadRecordBesideGoodOnes_isRejectedAlone() {
        String bad = json(step(task, 2, "x")).replace("\"step_number\":2", "\"step_number\":\"two\"");

        ingest(message(
                ALICE, "{\"v\":1,\"records\":[" + json(step(task, 1)) + "," + bad + "," + json(step(task, 3)) + "]}"));

        assertThat(steps("step_number")).containsExactly("1", "3");
        assertThat(DATABASE.value("SELECT body FROM rejected_messages WHERE reason LIKE 'step_number: must be%'"))
                .isEqualTo("{\"v\":1,\"records\":[" + bad + "]}");
    }

    @Test
    void aMessageThatCannotBeRead_isRejectedWhole() {
        SQSMessage noJson = message(ALICE, "{\"v\":1,\"records\":[");
        SQSMessage noGzip = message(ALICE, new MessageBody("%%%", MessageBody.GZIP));

        assertThat(ingest(noJson, message(ALICE, step(task, 1)), noGzip)).isEmpty();

        assertThat(steps("step_number")).containsExactly("1");
        assertThat(rejections("body = '%%%' AND content_encoding = 'gzip'"))
                .containsExactly("the message: is not base64");
        assertThat(rejections("body = '{\"v\":1,\"records\":['"))
                .containsExactly("the message: is not JSON (line 1, column 19)");
    }

    @Test
    void whatPostgresRefuses_isRejectedAloneHoweverLargeTheBatch() {
        SQSMessage poison = message(ALICE, step(task, 2));
        DATABASE.execute("ALTER TABLE task_steps ADD CONSTRAINT no_poison CHECK (task_id <> '" + task
                + "' OR step_number <> 2)");

        assertThat(ingest(
                        message(ALICE, step(task, 1)),
                        poison,
                        message(ALICE, step(task, 3)),
                        message(ALICE, step(task, 4))))
                .isEmpty();

        DATABASE.execute("ALTER TABLE task_steps DROP CONSTRAINT no_poison");
        assertThat(steps("step_number")).containsExactly("1", "3", "4");
        assertThat(rejections("sender_id = '" + ALICE + "' AND reason LIKE '%23514%'"))
                .containsExactly("the database refused it (SQLSTATE 23514)");
    }

    @Test
    void aRecordThatPostgresRefuses_costsItsMessageOnlyItself() {
        DATABASE.execute("ALTER TABLE task_steps ADD CONSTRAINT no_poison CHECK (task_id <> '" + task
                + "' OR step_number <> 4)");

        assertThat(ingest(message(ALICE, started(task), step(task, 1), step(task, 4), step(task, 3), step(task, 2))))
                .isEmpty();

        DATABASE.execute("ALTER TABLE task_steps DROP CONSTRAINT no_poison");
        assertThat(steps("step_number")).containsExactly("1", "2", "3");
        assertThat(task("name")).isEqualTo("camera");
        assertThat(DATABASE.value("SELECT body FROM rejected_messages WHERE reason LIKE '%23514%' AND position('" + task
                        + "' IN body) > 0"))
                .isEqualTo("{\"v\":1,\"records\":[" + json(step(task, 4)) + "]}");
    }

    @Test
    void messagesThatInflateToALot_areDecodedAndWrittenAFewAtATime() {
        String large = "x".repeat(5 * 1024 * 1024);

        assertThat(ingest(
                        message(ALICE, step(task, 1, large)),
                        message(ALICE, step(task, 2, large)),
                        message(ALICE, step(task, 3, large)),
                        message(ALICE, step(task, 4, large)),
                        message(ALICE, step(task, 5))))
                .isEmpty();

        assertThat(counters()).startsWith("5 ");
        assertThat(DATABASE.column("SELECT count(*) FROM task_steps WHERE task_id = '" + task
                        + "' GROUP BY xmin::text ORDER BY min(step_number)"))
                .containsExactly("2", "2", "1");
    }

    @Test
    void charactersThatPostgresCannotStore_areReplacedAndMarked() {
        String withNul = json(step(task, 1, "a-b")).replace("a-b", "a\\u0000b\\ud800c");

        ingest(message(ALICE, "{\"v\":1,\"records\":[" + withNul + "]}"));

        assertThat(steps("thinking")).containsExactly("a\uFFFDb\uFFFDc");
        assertThat(steps("step_data->>'replaced_characters'")).containsExactly("2");
    }

    @Test
    void aBodyThatNoQueueShouldDeliver_isRejectedAllTheSame() {
        assertThat(ingest(message(ALICE, "nul \0 and half a pair \ud83d"))).isEmpty();

        assertThat(rejections("body LIKE 'nul \uFFFD and half%'")).hasSize(1);
    }

    @Test
    void unknownFields_areKept() {
        ingest(message(ALICE, step(task, 1, "x", Map.of("mood", List.of("calm")))));

        assertThat(steps("step_data->>'mood'")).containsExactly("[\"calm\"]");
    }

    @Test
    void durationBeyondTheFormatsLimit_costsOnlyItsRecord() {
        String endless = json(step(task, 2)).replace("\"duration_ms\":200", "\"duration_ms\":" + Long.MAX_VALUE);

        ingest(message(ALICE, "{\"v\":1,\"records\":[" + json(step(task, 1)) + "," + endless + "]}"));
        ingest(message(ALICE, step(task, 3)));

        assertThat(steps("step_number")).containsExactly("1", "3");
        assertThat(task("total_steps = (SELECT count(*) FROM task_steps AS s WHERE s.task_id = tasks.task_id)"))
                .isEqualTo("t");
        assertThat(rejections("reason LIKE 'duration_ms: must be%' AND position('" + task + "' IN body) > 0"))
                .hasSize(1);
    }

    @Test
    void nearTheDeadline_everythingGoesBackToTheQueue() {
        SQSMessage message = message(ALICE, step(task, 1));

        SQSBatchResponse response = handler.handleRequest(event(message), new TestContext(Duration.ofSeconds(1)));

        assertThat(response.getBatchItemFailures())
                .extracting(SQSBatchResponse.BatchItemFailure::getItemIdentifier)
                .containsExactly(message.getMessageId());
        assertThat(steps("step_number")).isEmpty();
    }

    @Test
    void noContent_reachesTheLogOrAReason() {
        String secret = "swordfish-42";
        String bad = json(step(task, 2, secret)).replace("\"success\":true", "\"success\":\"" + secret + "\"");

        ingest(
                message(ALICE, step(task, 1, secret), step(task, 1, secret + "!")),
                message(ALICE, "{\"v\":1,\"records\":[" + bad + "]}"),
                message(ALICE, "{" + secret));

        assertThat(context.logged()).contains("\"rejected\":3").doesNotContain(secret);
        assertThat(DATABASE.column("SELECT reason FROM rejected_messages"))
                .noneMatch(reason -> reason.contains(secret));
    }

    @Test
    void construction_withoutThePassword_namesTheSetting() {
        assertThatThrownBy(() -> new IngestHandler(DATABASE.settings(Map.of("STEPTRAIL_DATABASE_PASSWORD", ""))))
                .hasMessage("STEPTRAIL_DATABASE_PASSWORD: is not set; set it in the function's environment");
    }

    private List<String> ingest(SQSMessage... messages) {
        return handler.handleRequest(event(messages), context).getBatchItemFailures().stream()
                .map(SQSBatchResponse.BatchItemFailure::getItemIdentifier)
                .toList();
    }

    private static String json(StepRecord record) {
        return new String(RecordCodec.encode(record), StandardCharsets.UTF_8);
    }

    private String task(String expression) {
        return DATABASE.value("SELECT " + expression + " FROM tasks WHERE task_id = '" + task + "'");
    }

    private String counters() {
        return task("concat_ws(' ', total_steps, successful_steps, failed_steps, total_duration_ms)");
    }

    private List<String> steps(String expression) {
        return DATABASE.column(
                "SELECT " + expression + " FROM task_steps WHERE task_id = '" + task + "' ORDER BY step_number");
    }

    private static List<String> rejections(String condition) {
        return DATABASE.column("SELECT reason FROM rejected_messages WHERE " + condition);
    }
}
