package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.message;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.archive.ArchiveWriter;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.store.TestRecords;
import dev.steptrail.store.ingest.DatabaseStepWriter;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.retention.ArchiveRepository;
import dev.steptrail.store.retention.ArchiveRepository.Archive;
import dev.steptrail.store.retention.ArchivedRowDeleter;
import dev.steptrail.store.retention.TaskDeletion;
import dev.steptrail.store.retention.TaskRowReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the responses of the restore route; RestoreIT and RetentionIT test the restoration itself. */
@Tag("slow")
class RestoreTaskIT extends AdminApiTestBase {
    private static final Database CONNECTION = DATABASE.database();

    private final UUID task = UuidV7.at(TestRecords.START);
    private final Api owner = new Api(HANDLER, Map.of("sub", "ann"));

    @TempDir
    private Path folder;

    @BeforeEach
    void write() {
        register("AIDAANN", "ann");
        new DatabaseStepWriter(CONNECTION)
                .write(List.of(message(
                        "AIDAANN", started(task), step(task, 1), step(task, 2), ended(task, TaskStatus.FAILED, 2))));
    }

    @Test
    void archivedTask_isRestoredAndAudited_andASecondRequestIs409() throws IOException {
        String before = steps();
        archive();
        assertThat(steps()).isNotEqualTo(before);

        Api.Answer answer = restore(task);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).containsEntry("cache-control", "no-store");
        assertThat(answer.body())
                .isEqualTo("{\"task_id\":\"%s\",\"status\":\"failed\",\"parts\":1,\"steps\":2,\"screenshots\":0}"
                        .formatted(task));
        assertThat(steps()).isEqualTo(before);
        assertThat(audited("restore_task")).containsOnlyOnce("root " + task + " ann {}");

        assertProblem(restore(task), 409, "not-archived", "The task is not archived. Its steps are in the database.");
        assertThat(audited("restore_task")).containsOnlyOnce("root " + task + " ann {}");
    }

    @Test
    void missingTask_is404_asIsTheRouteForNonAdmins() {
        new TaskDeletion(CONNECTION).delete(task, "ann");

        assertProblem(restore(task), 404, "no-such-task", "The task does not exist. It may have been deleted.");
        assertProblem(
                restore(UuidV7.at(TestRecords.START)),
                404,
                "no-such-task",
                "The task does not exist. It may have been deleted.");
    }

    @Test
    void stepReceivedWhileItsTaskWasArchived_isADuplicateOnceTheTaskIsRestored() throws IOException {
        archive();
        new DatabaseStepWriter(CONNECTION).write(List.of(message("AIDAANN", step(task, 1))));
        String id = DATABASE.value("SELECT id FROM rejected_messages WHERE task_id = '" + task + "'");

        JsonNode inVain = admin.call(RETRY, id, "", null).json();
        assertThat(inVain.get("outcome").asText()).isEqualTo("rejected_again");
        assertThat(inVain.get("reason").asText()).isEqualTo("the task is archived; restore it, then retry");

        restore(task);
        assertThat(admin.call(RETRY, id, "", null).json().get("duplicates").asInt())
                .isOne();
        assertThat(admin.call(SHOW, id, "", null).status()).isEqualTo(404);
    }

    @Test
    void damagedArchive_isReported_andNothingIsRestored() throws IOException {
        Archive archive = archive();
        String archived = steps();
        BUCKET.put(archive.key(), new byte[] {1, 2, 3});

        assertProblem(
                restore(task),
                500,
                "archive-unusable",
                "Nothing was restored: part 1 is damaged: gzip: data is truncated or invalid.");
        assertThat(steps()).isEqualTo(archived);
    }

    @Test
    void unavailableBucket_is503_andTheCauseIsLogged() throws IOException {
        archive();
        Map<String, String> away = new HashMap<>(SETTINGS);
        away.put("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1");
        ApiHandler handler = new ApiHandler(away);

        Api.Answer answer = new Api(handler, ADMIN).call(RESTORE, null, "", body(task.toString()));

        assertProblem(answer, 503, "unavailable", "The bucket did not respond in time. Retry in a few seconds.");
        assertThat(answer.logged())
                .contains("\"event\":\"bucket_unavailable\"", "\"the bucket is not available (ConnectException)\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"task_id\":7}", "{\"task_id\":\"../x\"}"})
    void invalidTaskId_isNamed(String body) {
        assertProblem(admin.call(RESTORE, null, "", body), 400, "bad-request", "task_id: must be a UUID.");
    }

    @Test
    void taskOf10000Steps_isRestoredInOneCall() throws IOException {
        DATABASE.execute("INSERT INTO task_steps (task_id, step_number, step_type, step_data, created_at) SELECT '"
                + task + "', n, 'action', json_build_object('action', repeat(md5(n::text), 60)), now()"
                + " FROM generate_series(3, 10000) AS n");
        DATABASE.execute("UPDATE tasks SET total_steps = 10000 WHERE task_id = '" + task + "'");
        archive();

        assertThat(restore(task).json().get("steps").asInt()).isEqualTo(10000);
    }

    /** Archives the task as retention does. */
    private Archive archive() throws IOException {
        Path file = folder.resolve("archive");
        Archive archive;
        try (ArchiveWriter writer = new ArchiveWriter(folder.resolve("waiting"))) {
            TaskRowReader.Rows rows =
                    new TaskRowReader(CONNECTION).read(task, writer).orElseThrow();
            archive = writer.finish(task, rows, file);
        }
        BUCKET.put(archive.key(), Files.readAllBytes(file));
        new ArchiveRepository(CONNECTION).add(archive);
        DATABASE.execute("UPDATE tasks SET received_at = now() - interval '1 day' WHERE task_id = '" + task + "'");
        DATABASE.execute(
                "INSERT INTO task_processing SELECT task_id, received_at, '{[1,3)}' FROM tasks WHERE task_id = '" + task
                        + "'");
        assertThat(new ArchivedRowDeleter(CONNECTION).deleteTask(task, Duration.ofHours(1), Duration.ofMinutes(1)))
                .isTrue();
        return archive;
    }

    private Api.Answer restore(UUID of) {
        return admin.call(RESTORE, null, "", body(of.toString()));
    }

    private static String body(String taskId) {
        return "{\"task_id\":\"" + taskId + "\"}";
    }

    private String steps() {
        return owner.get("GET /api/tasks/{task_id}/steps", task.toString(), "").body();
    }

    private static void assertProblem(Api.Answer answer, int status, String type, String detail) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.json().get("type").asText()).isEqualTo("urn:steptrail:problem:" + type);
        assertThat(answer.json().get("detail").asText()).isEqualTo(detail);
    }
}
