package dev.steptrail.ingest;

import static dev.steptrail.ingest.Messages.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.withScreenshot;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.StepRecord;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Rejected records and messages, with their reasons. */
class RejectedMessageIT extends IngestTestBase {
    @Test
    void unregisteredSender_isRejectedAndAcknowledged() {
        assertThat(ingest(message("AIDASTRANGER", step(task, 1)))).isEmpty();

        assertThat(rejections("sender_id = 'AIDASTRANGER'"))
                .containsExactly("the sender is not registered; an admin must register it as an agent");
        assertThat(DATABASE.value("SELECT count(*) FROM tasks WHERE task_id = '" + task + "'"))
                .isEqualTo("0");
    }

    @Test
    void stepOfAnotherOwnersTask_isRejected() {
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
    void newTaskNamedByTwoOwnersInOneBatch_belongsToTheFirst() {
        ingest(message(BOB, step(task, 1)), message(ALICE, step(task, 1)));

        assertThat(task("owner || total_steps")).isEqualTo("bob1");
        assertThat(rejections("task_id = '" + task + "'")).hasSize(1);
    }

    @Test
    void onBehalfOfAnotherOwner_isRejected() {
        ingest(message(PROXY, started(task, "bob")));

        assertThat(rejections("task_id = '" + task + "'"))
                .containsExactly("on_behalf_of: the sender is not registered to record for this owner");
    }

    @Test
    void screenshotWithAnotherOwnersKey_isRejected_andOthersAreStored() {
        String bobs = "screenshots/" + BOB + "/" + task + "/a.webp";

        ingest(message(ALICE, withScreenshot(step(task, 1), FrameRole.BEFORE, bobs), step(task, 2)));

        assertThat(steps("step_number")).containsExactly("2");
        assertThat(rejections("task_id = '" + task + "'"))
                .singleElement()
                .asString()
                .startsWith("screenshots[0].screenshot_path: must be screenshots/<sender>/<task_id>/<file>");
    }

    @Test
    void badRecordAmongGoodOnes_isTheOnlyOneRejected() {
        String bad = json(step(task, 2, "x")).replace("\"step_number\":2", "\"step_number\":\"two\"");

        ingest(message(
                ALICE, "{\"v\":1,\"records\":[" + json(step(task, 1)) + "," + bad + "," + json(step(task, 3)) + "]}"));

        assertThat(steps("step_number")).containsExactly("1", "3");
        assertThat(DATABASE.value("SELECT body FROM rejected_messages WHERE reason LIKE 'step_number: must be%'"))
                .isEqualTo("{\"v\":1,\"records\":[" + bad + "]}");
    }

    @Test
    void undecodableMessage_isRejectedAsAWhole() {
        SQSMessage noJson = message(ALICE, "{\"v\":1,\"records\":[");
        SQSMessage noGzip = message(ALICE, new MessageBody("%%%", MessageBody.GZIP));

        assertThat(ingest(noJson, message(ALICE, step(task, 1)), noGzip)).isEmpty();

        assertThat(steps("step_number")).containsExactly("1");
        assertThat(rejections("body = '%%%' AND content_encoding = 'gzip'"))
                .containsExactly("the message is not base64");
        assertThat(rejections("body = '{\"v\":1,\"records\":['"))
                .containsExactly("the message is not JSON (line 1, column 19)");
    }

    @Test
    void recordThatPostgresRefuses_isTheOnlyOneRejectedOfALargeBatch() {
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
                .containsExactly("the database rejected the data (SQLSTATE 23514)");
    }

    @Test
    void recordThatPostgresRefuses_isTheOnlyOneRejectedOfItsMessage() {
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
    void bodyThatSqsCannotDeliver_isRejectedToo() {
        assertThat(ingest(message(ALICE, "nul \0 and half a pair \ud83d"))).isEmpty();

        assertThat(rejections("body LIKE 'nul \uFFFD and half%'")).hasSize(1);
    }

    @Test
    void durationOverTheFormatLimit_rejectsOnlyItsRecord() {
        String endless = json(step(task, 2)).replace("\"duration_ms\":200", "\"duration_ms\":" + Long.MAX_VALUE);

        ingest(message(ALICE, "{\"v\":1,\"records\":[" + json(step(task, 1)) + "," + endless + "]}"));
        ingest(message(ALICE, step(task, 3)));

        assertThat(steps("step_number")).containsExactly("1", "3");
        assertThat(task("total_steps = (SELECT count(*) FROM task_steps AS s WHERE s.task_id = tasks.task_id)"))
                .isEqualTo("t");
        assertThat(rejections("reason LIKE 'duration_ms: must be%' AND position('" + task + "' IN body) > 0"))
                .hasSize(1);
    }

    private static String json(StepRecord record) {
        return new String(RecordCodec.encode(record), StandardCharsets.UTF_8);
    }
}
