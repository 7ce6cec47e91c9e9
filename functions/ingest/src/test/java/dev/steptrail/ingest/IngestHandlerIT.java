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
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.store.TestContext;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.roles.FunctionLogin;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Results of messages in any order, with repetitions. */
class IngestHandlerIT extends IngestTestBase {
    @Test
    void messageWhoseDecodingThrows_isDeliveredAgain_andOthersAreWritten() {
        SQSMessage bad = new SQSMessage() {
            @Override
            public String getBody() {
                throw new IllegalStateException("secret");
            }
        };
        bad.setMessageId("bad");

        assertThat(ingest(message(ALICE, step(task, 1)), bad, message(ALICE, step(task, 2))))
                .containsExactly("bad");

        assertThat(steps("step_number")).containsExactly("1", "2");
        assertThat(context.logged())
                .contains("\"unexpected_error\"", "IllegalStateException")
                .doesNotContain("secret");
    }

    @Test
    void goodMessages_becomeATaskAndItsSteps() {
        String key = "screenshots/AROAALICE:desktop/" + task + "/a.webp";

        assertThat(ingest(
                        message(ALICE, started(task), withScreenshot(step(task, 1), FrameRole.BEFORE, key)),
                        message(ALICE, step(task, 5), ended(task, TaskStatus.SUCCEEDED, 5))))
                .isEmpty();

        assertThat(task("concat_ws(' ', owner, name, status, end_reason, last_step_number)"))
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
    void repeatedMessage_changesNothing() {
        SQSMessage message = message(ALICE, started(task), step(task, 1), step(task, 2));

        ingest(message, message);
        ingest(message);

        assertThat(counters()).isEqualTo("2 2 0 300");
        assertThat(context.logged()).contains("\"StepsWritten\":0,\"Duplicates\":2,\"Conflicts\":0,\"Rejected\":0");
    }

    @Test
    void differentStepWithTheSameNumber_isStoredAsOneConflict() {
        SQSMessage other = message(ALICE, step(task, 1, "something else"));

        ingest(message(ALICE, step(task, 1)), other);
        ingest(other);

        assertThat(counters()).isEqualTo("1 1 0 100");
        assertThat(task("conflicting_steps")).isEqualTo("1");
        assertThat(steps("thinking")).containsExactly(TestRecords.THINKING);
        assertThat(rejections("sender_id = '" + ALICE + "' AND task_id = '" + task + "'"))
                .containsExactly("conflict: the task has a different step with this number");
    }

    @Test
    void recordsInAnyOrder_makeTheSameTask() {
        ingest(message(ALICE, ended(task, TaskStatus.FAILED, 2)));
        ingest(message(ALICE, step(task, 2)));
        ingest(message(ALICE, started(task)));
        ingest(message(ALICE, step(task, 1)));

        assertThat(task("concat_ws(' ', name, status, end_reason, started_at AT TIME ZONE 'UTC')"))
                .isEqualTo("camera failed ended_without_finish 2026-03-01 10:00:00");
        assertThat(counters()).isEqualTo("2 2 0 300");
    }

    @Test
    void laterStepOfAnAbandonedTask_setsItToRunning_earlierStepDoesNot() {
        ingest(message(ALICE, ended(task, TaskStatus.ABANDONED, 2)));
        ingest(message(ALICE, step(task, 1)));
        assertThat(task("status")).isEqualTo("abandoned");

        ingest(message(ALICE, step(task, 3)));

        assertThat(task("concat_ws(' ', status, end_reason, ended_at)")).isEqualTo("running");
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
        assertThat(context.logged()).contains("\"RecordsDropped\":1");
    }

    @Test
    void onBehalfOfAnAllowedOwner_theTaskBelongsToThatOwner() {
        ingest(message(PROXY, step(task, 1)));
        ingest(message(PROXY, started(task, "alice")));
        ingest(message(PROXY, step(task, 2)));

        assertThat(task("owner || total_steps")).isEqualTo("alice2");
        assertThat(rejections("task_id = '" + task + "'")).isEmpty();
    }

    @Test
    void largeDecompressedMessages_areDecodedAndWrittenInParts() {
        assertThat(ingest(
                        threeMegabytes(1),
                        threeMegabytes(13),
                        threeMegabytes(25),
                        threeMegabytes(37),
                        message(ALICE, step(task, 49))))
                .isEmpty();

        assertThat(counters()).startsWith("49 ");
        assertThat(DATABASE.column("SELECT count(*) FROM task_steps WHERE task_id = '" + task
                        + "' GROUP BY xmin::text ORDER BY min(step_number)"))
                .containsExactly("24", "24", "1");
    }

    private SQSMessage threeMegabytes(int firstNumber) {
        String large = "x".repeat(250 * 1024);
        return message(
                ALICE,
                IntStream.range(firstNumber, firstNumber + 12)
                        .mapToObj(number -> step(task, number, large))
                        .toArray(StepRecord[]::new));
    }

    @Test
    void nearTheDeadline_allMessagesAreReturnedToTheQueue() {
        SQSMessage message = message(ALICE, step(task, 1));

        SQSBatchResponse response = handler.handleRequest(event(message), new TestContext(Duration.ofSeconds(1)));

        assertThat(response.getBatchItemFailures())
                .extracting(SQSBatchResponse.BatchItemFailure::getItemIdentifier)
                .containsExactly(message.getMessageId());
        assertThat(steps("step_number")).isEmpty();
    }

    @Test
    void constructor_withoutPassword_namesTheSetting() {
        assertThatThrownBy(() -> new IngestHandler(
                        DATABASE.settings(FunctionLogin.INGEST, Map.of("STEPTRAIL_DATABASE_PASSWORD", ""))))
                .hasMessage("STEPTRAIL_DATABASE_PASSWORD: is not set; set it in the function's environment");
    }

    private String counters() {
        return task("concat_ws(' ', total_steps, successful_steps, failed_steps, total_duration_ms)");
    }
}
