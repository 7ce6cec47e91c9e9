package dev.steptrail.operations;

import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.store.TestContext;
import dev.steptrail.store.admin.JobRepository.RequestedJob;
import org.junit.jupiter.api.Test;

/** Tests retries of rejected messages. */
class RetryJobIT extends JobsTestBase {
    @Test
    void messageOfANowRegisteredSender_isStored_andItsRowIsDeleted() {
        ingest(sender, started(task), step(task, 1, SECRET), step(task, 2, SECRET));
        DATABASE.register(sender, "ann");
        String id = onlyId();
        TestContext context = new TestContext();

        RequestedJob job = run(HANDLER, requestRetry(id), context);

        assertThat(job.result())
                .isEqualTo("{\"id\":" + id + ",\"outcome\":\"stored\",\"reason\":null,\"steps\":2,\"duplicates\":0,"
                        + "\"rejected\":0,\"dropped\":0}");
        assertThat(job.error()).isNull();
        assertThat(job.endedAt()).isNotNull();
        assertThat(rejectedIds()).isEmpty();
        assertThat(DATABASE.task(task, "concat(owner, ' ', total_steps)")).isEqualTo("ann 2");
        assertThat(context.logged())
                .contains("\"ingested\"", "\"requested_job\"", "\"outcome\":\"done\"")
                .doesNotContain(SECRET);
        assertThat(DATABASE.audited("retry_rejected"))
                .contains("root " + task + " ann {\"id\": " + id + ", \"outcome\": \"stored\", \"sender_id\": \""
                        + sender + "\"}");
    }

    @Test
    void messageThatWasRemovedMeanwhile_failsTheJob() {
        ingest(sender, step(task, 1));
        RequestedJob job = requestRetry(onlyId());
        DATABASE.execute("DELETE FROM rejected_messages WHERE sender_id = '" + sender + "'");

        RequestedJob ended = run(job);

        assertThat(ended.state()).isEqualTo("failed");
        assertThat(ended.error()).isEqualTo("No rejected message has this id. It may have been retried or discarded.");
    }

    @Test
    void stillInvalidMessage_isReportedWithItsReason_andKeptOnce() {
        DATABASE.register(sender, "ann");
        ingest(sender, json(step(task, 1, SECRET)).replace("\"step_number\":1", "\"step_number\":\"" + SECRET + "\""));
        ingest(sender, "{\"v\":1,\"records\":[" + SECRET);

        for (String id : rejectedIds()) {
            TestContext context = new TestContext();
            RequestedJob job = run(HANDLER, requestRetry(id), context);

            assertThat(result(job).get("outcome").asText()).isEqualTo("rejected_again");
            assertThat(result(job).get("reason").asText()).isEqualTo(reason(id));
            assertThat(job.result() + context.logged() + DATABASE.audited("retry_rejected"))
                    .doesNotContain(SECRET);
        }
        assertThat(rejectedIds()).hasSize(2);
    }

    @Test
    void messageWithOneInvalidRecord_keepsOnlyThatRecordWithItsReason() {
        String bad = json(step(task, 2)).replace("\"step_number\":2", "\"step_number\":\"two\"");
        ingest(sender, "{\"v\":1,\"records\":[" + record(json(step(task, 1))) + "," + record(bad) + "]}");
        DATABASE.register(sender, "ann");
        String before = onlyId();

        JsonNode result = retry(before);

        assertThat(result.get("outcome").asText()).isEqualTo("rejected_again");
        assertThat(result.get("reason").asText()).startsWith("step_number: must be");
        assertThat(result.get("steps").asInt()).isEqualTo(1);
        assertThat(onlyId()).isNotEqualTo(before);
        assertThat(DATABASE.value("SELECT body FROM rejected_messages WHERE id = " + onlyId()))
                .isEqualTo(bad);
    }

    @Test
    void messageRejectedForAnotherReason_isKeptOnceWithThatReason() {
        DATABASE.register("AIDAOTHER", "berta");
        ingest("AIDAOTHER", step(task, 1));
        ingest(sender, step(task, 2));
        DATABASE.register(sender, "ann");

        JsonNode result = retry(onlyId());

        assertThat(result.get("reason").asText()).isEqualTo("task_id: the task belongs to another owner");
        assertThat(reason(onlyId())).isEqualTo(result.get("reason").asText());
        assertThat(DATABASE.value("SELECT task_id FROM rejected_messages WHERE id = " + onlyId()))
                .isEqualTo(task.toString());
    }

    @Test
    void conflict_isNotCountedAgain_untilTheOtherStepIsDeleted() {
        DATABASE.register(sender, "ann");
        ingest(sender, step(task, 1, "first"));
        ingest(sender, step(task, 1, "second"));
        String id = onlyId();

        assertThat(retry(id).get("outcome").asText()).isEqualTo("rejected_again");
        assertThat(onlyId()).isEqualTo(id);
        assertThat(DATABASE.task(task, "conflicting_steps")).isEqualTo("1");

        DATABASE.execute("DELETE FROM task_steps WHERE task_id = '" + task + "'");
        assertThat(retry(id).get("outcome").asText()).isEqualTo("stored");
        assertThat(rejectedIds()).isEmpty();
    }

    @Test
    void recordOfADeletedTask_isDropped_andItsRowIsDeleted() {
        ingest(sender, step(task, 1));
        DATABASE.register(sender, "ann");
        ingest(sender, step(task, 2));
        DATABASE.execute("UPDATE tasks SET status = 'deleted', deleted_at = now() WHERE task_id = '" + task + "'");

        assertThat(retry(onlyId()).get("outcome").asText()).isEqualTo("dropped");
        assertThat(rejectedIds()).isEmpty();
    }

    @Test
    void retryWithoutRoomInTheDatabase_fails_andTheRowStays() {
        ingest(sender, step(task, 1, SECRET));
        DATABASE.register(sender, "ann");
        DATABASE.execute(
                "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room for %',"
                        + " NEW.thinking USING ERRCODE = '53100'; END $$");
        DATABASE.execute("CREATE TRIGGER no_room BEFORE INSERT ON task_steps FOR EACH ROW WHEN (NEW.task_id = '" + task
                + "') EXECUTE FUNCTION no_room()");
        TestContext context = new TestContext();

        RequestedJob job = run(HANDLER, requestRetry(onlyId()), context);

        DATABASE.execute("DROP FUNCTION no_room() CASCADE");
        assertThat(job.error()).startsWith("The message could not be stored and is still rejected.");
        assertThat(job + context.logged()).doesNotContain(SECRET);
        assertThat(retry(onlyId()).get("outcome").asText()).isEqualTo("stored");
    }

    private static String reason(String id) {
        return DATABASE.value("SELECT reason FROM rejected_messages WHERE id = " + id);
    }

    private static String record(String message) {
        return message.substring("{\"v\":1,\"records\":[".length(), message.length() - 2);
    }
}
