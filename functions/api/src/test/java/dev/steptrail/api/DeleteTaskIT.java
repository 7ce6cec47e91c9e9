package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static dev.steptrail.store.TestRecords.withScreenshot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.Attachment;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.MessageBody;
import dev.steptrail.stepformat.MessageCodec;
import dev.steptrail.stepformat.MessageRecord;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.ingest.ReceivedMessage;
import dev.steptrail.store.ingest.WriteResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tests what remains of a deleted task, and that it stays deleted. */
class DeleteTaskIT extends ApiTestBase {
    private static final List<String> TABLES = List.of(
            "task_steps",
            "step_screenshots",
            "findings",
            "share_links",
            "rejected_messages",
            "verdicts",
            "step_labels",
            "notes",
            "task_facets");

    @BeforeAll
    static void registerRoleAndOtherAgent() {
        DATABASE.register("AROALICE", "alice").register("AIDAEVE", "eve");
    }

    @Test
    void deletedTask_leavesOnlyItsIdOwnerAndTime() {
        writeTaskWithAllKindsOfRows();
        TABLES.forEach(table -> assertThat(rowsIn(table)).as(table).isPositive());

        Api.Answer answer = alice.delete(task);

        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
        TABLES.forEach(table -> assertThat(rowsIn(table)).as(table).isZero());
        assertThat(DATABASE.value("SELECT json_strip_nulls(row_to_json(t))::jsonb"
                        + " - ARRAY['task_id', 'owner', 'deleted_at', 'started_at', 'received_at', 'revision']"
                        + " FROM tasks AS t WHERE started_at = deleted_at AND received_at = deleted_at AND "
                        + taskCondition()))
                .isEqualTo(
                        "{\"keep\": false, \"tags\": [], \"status\": \"deleted\", \"total_steps\": 0, \"failed_steps\": 0,"
                                + " \"dropped_steps\": 0, \"start_received\": false, \"successful_steps\": 0,"
                                + " \"conflicting_steps\": 0, \"total_duration_ms\": 0, \"dropped_screenshots\": 0}");
        assertThat(DATABASE.column(
                        "SELECT concat_ws(' ', caller, action, task_owner) FROM audit_log WHERE " + taskCondition()))
                .containsExactly("alice delete_task alice");
    }

    @Test
    void deletedTask_queuesTheFoldersOfAllItsSendersForDeletion() {
        writeTaskWithAllKindsOfRows();

        alice.delete(task);

        assertThat(DATABASE.column("SELECT replace(key, '" + task + "', 'TASK') FROM objects_to_delete"
                        + " WHERE is_prefix AND key LIKE '%" + task + "%'"))
                .containsExactlyInAnyOrder(
                        "archive/alice/TASK",
                        "exports/%links/TASK",
                        "exports/alice/TASK",
                        "screenshots/AIDAALICE/TASK/",
                        "attachments/AIDAALICE/TASK/",
                        "screenshots/AIDAEVE/TASK/",
                        "attachments/AIDAEVE/TASK/",
                        "screenshots/AROALICE/TASK/",
                        "attachments/AROALICE/TASK/",
                        "screenshots/AROALICE:shot/TASK/",
                        "attachments/AROALICE:shot/TASK/",
                        "screenshots/AROALICE:long/TASK/",
                        "attachments/AROALICE:long/TASK/",
                        "screenshots/AROALICE:other/TASK/",
                        "attachments/AROALICE:other/TASK/");
        assertThat(DATABASE.column("SELECT key FROM objects_to_delete WHERE is_prefix AND key LIKE 'exports/%tasks.'"))
                .as("exports that may contain it")
                .contains("exports/alice/tasks.", "exports/tasks.");
    }

    @Test
    void taskDeletedByAnAdmin_is404_andIsAudited() {
        write(step(task, 1));
        Api.Answer unknown = alice.delete(UUID.randomUUID());
        assertThat(unknown.status()).isEqualTo(404);

        assertThat(bob.delete(task)).isEqualTo(unknown);
        assertThat(admin.delete(task).status()).isEqualTo(204);

        assertThat(alice.delete(task)).isEqualTo(unknown);
        assertThat(admin.delete(task)).isEqualTo(unknown);
        assertThat(alice.get(TASKS, null, "limit=1000").body()).doesNotContain(task.toString());
        assertThat(DATABASE.column(
                        "SELECT concat_ws(' ', caller, action, task_owner) FROM audit_log WHERE " + taskCondition()))
                .containsExactly("root delete_task alice");
    }

    @Test
    void lateRecord_isDroppedWithoutRowOrRejection() {
        write(started(task), step(task, 1));
        UUID other = UuidV7.at(TestRecords.START);

        alice.delete(task);
        WriteResult late = DATABASE.write(
                message("AIDAALICE", started(task), step(task, 1), step(task, 2), ended(task, TaskStatus.SUCCEEDED, 2)),
                message("AIDAALICE", step(task, 1, "another"), step(other, 1)),
                message("AIDAALICE", withScreenshot(step(task, 3), FrameRole.BEFORE, "screenshots/x")),
                message("AIDAEVE", step(task, 4)));

        assertThat(late).isEqualTo(new WriteResult(1, 0, 0, 0, 7));
        TABLES.forEach(table -> assertThat(rowsIn(table)).as(table).isZero());
        assertThat(DATABASE.value(
                        "SELECT concat_ws(' ', status, total_steps, name) FROM tasks WHERE " + taskCondition()))
                .isEqualTo("deleted 0");
        assertThat(alice.get(TASK, task).status()).isEqualTo(404);
    }

    @Test
    void rejectedMessage_isDeletedWithItsTask_andALateOneIsDropped() throws Exception {
        write(step(task, 1));
        UUID other = UuidV7.at(TestRecords.START);
        String noTime = "{\"v\":1,\"record\":\"step\",\"task_id\":\"" + task + "\",\"step_number\":7}";
        ReceivedMessage[] messages = {
            message("AIDANOBODY", step(task, 2), step(other, 2), step(task, 3)),
            message("AIDANOBODY", step(task, 4)),
            invalid(noTime)
        };

        assertThat(DATABASE.write(messages).rejected()).isEqualTo(4);
        assertThat(rowsIn("rejected_messages")).isEqualTo(3);
        alice.delete(task);
        WriteResult late = DATABASE.write(messages);

        assertThat(rowsIn("rejected_messages")).isZero();
        assertThat(DATABASE.column("SELECT body FROM rejected_messages WHERE task_id = '" + other + "'"))
                .singleElement()
                .asString()
                .contains(other.toString())
                .doesNotContain(task.toString());
        assertThat(late).isEqualTo(new WriteResult(0, 0, 0, 0, 4));
    }

    private static ReceivedMessage invalid(String record) {
        MessageBody body = MessageCodec.encode(List.of(record.getBytes(StandardCharsets.UTF_8)));
        return new ReceivedMessage(
                "AIDAALICE", body, List.of(new MessageRecord.Invalid("something: is wrong", record)), null);
    }

    private void writeTaskWithAllKindsOfRows() {
        write(
                started(task),
                withScreenshot(step(task, 1), FrameRole.BEFORE, key("a.webp")),
                withScreenshot(step(task, 2), FrameRole.BEFORE, "screenshots/AROALICE:shot/" + task + "/b.webp"),
                ended(task, TaskStatus.SUCCEEDED, 4));
        write(step(task, 1, "a conflict"));
        DATABASE.write(message("AIDAEVE", step(task, 3)));
        write(step(task, 4).withAttachments(List.of(attachmentOf("AROALICE:long"))));
        DATABASE.execute("UPDATE tasks SET extra_start_fields = '{\"attachments\":[{\"path\":\""
                + attachmentOf("AROALICE:other").path() + "\"}]}' WHERE " + taskCondition());
        DATABASE.execute("INSERT INTO findings (task_id, kind, steps) VALUES ('" + task + "', 'loop', '{1,2}')");
        DATABASE.execute("INSERT INTO share_links (task_id, token_hash, created_by, expires_at) VALUES ('" + task
                + "', decode(md5('" + task + "'), 'hex'), 'alice', now())");
        DATABASE.execute("UPDATE tasks SET tags = '{camera}' WHERE " + taskCondition());
        DATABASE.execute("INSERT INTO verdicts (task_id, name, value, source, judge, judged_at) VALUES ('" + task
                + "', 'success', 'fail', 'human', 'alice', now())");
        DATABASE.execute("INSERT INTO step_labels (task_id, step_number, label, author) VALUES ('" + task
                + "', 1, 'bad', 'alice')");
        DATABASE.execute("INSERT INTO notes (task_id, author, text) VALUES ('" + task + "', 'alice', 'Look')");
    }

    private Attachment attachmentOf(String sender) {
        return TestRecords.attachment("thinking", "attachments/" + sender + "/" + task + "/a");
    }

    private int rowsIn(String table) {
        return Integer.parseInt(DATABASE.value("SELECT count(*) FROM " + table + " WHERE " + taskCondition()));
    }

    private String taskCondition() {
        return "task_id = '" + task + "'";
    }
}
