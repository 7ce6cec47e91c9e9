package dev.steptrail.ingest;

import static dev.steptrail.ingest.Messages.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.RecordCodec;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Rejected records and messages, with their reasons. */
class RejectedMessageIT extends IngestTestBase {
    @Test
    void unregisteredSender_isRejectedAndAcknowledged() {
        assertThat(ingest(message("AIDASTRANGER", step(task, 1)))).isEmpty();

        assertThat(rejections("sender_id = 'AIDASTRANGER'"))
                .containsExactly("the sender is not registered; an admin must register it as an agent");
        assertThat(DATABASE.count("tasks", task)).isZero();
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
    void recordThatPostgresRefuses_isTheOnlyOneRejectedOfItsMessageAndBatch() {
        DATABASE.execute("ALTER TABLE task_steps ADD CONSTRAINT no_poison CHECK (task_id <> '" + task
                + "' OR step_number <> 4)");

        assertThat(ingest(
                        message(ALICE, step(task, 1)),
                        message(ALICE, started(task), step(task, 2), step(task, 4), step(task, 3)),
                        message(ALICE, step(task, 5)),
                        message(ALICE, step(task, 6))))
                .isEmpty();

        DATABASE.execute("ALTER TABLE task_steps DROP CONSTRAINT no_poison");
        assertThat(steps("step_number")).containsExactly("1", "2", "3", "5", "6");
        assertThat(task("name")).isEqualTo("camera");
        String ofTask = "sender_id = '" + ALICE + "' AND position('" + task + "' IN body) > 0";
        assertThat(rejections(ofTask)).containsExactly("the database rejected the data (SQLSTATE 23514)");
        assertThat(DATABASE.value("SELECT body FROM rejected_messages WHERE " + ofTask))
                .isEqualTo("{\"v\":1,\"records\":["
                        + new String(RecordCodec.encode(step(task, 4)), StandardCharsets.UTF_8) + "]}");
    }

    @Test
    void bodyThatSqsCannotDeliver_isRejectedToo() {
        assertThat(ingest(message(ALICE, "nul \0 and half a pair \ud83d"))).isEmpty();

        assertThat(rejections("body LIKE 'nul \uFFFD and half%'")).hasSize(1);
    }
}
