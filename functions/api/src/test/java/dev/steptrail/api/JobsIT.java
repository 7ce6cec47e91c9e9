package dev.steptrail.api;

import static dev.steptrail.store.TestRecords.ended;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.store.admin.JobRepository;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests requests for jobs. Tests of the operations function run them. */
class JobsIT extends RejectedMessagesTestBase {
    private static final TestQueue QUEUE = new TestQueue();
    private static final Map<String, String> QUEUED_SETTINGS = TestQueue.settings(SETTINGS, new TestQueue(), QUEUE);

    private static final ApiHandler QUEUED_HANDLER = new ApiHandler(QUEUED_SETTINGS);

    private final Api root = new Api(QUEUED_HANDLER, ADMIN);
    private final JobRepository jobs = new JobRepository(DATABASE.database());

    @BeforeEach
    void clearQueue() {
        QUEUE.messages.clear();
        QUEUE.groups.clear();
    }

    @Test
    void retry_addsAJob_sendsItsId_andWritesNothingElse() {
        ingest(sender, started(task), step(task, 1));
        register(sender, "ann");
        String id = onlyId();

        Api.Answer answer = root.call(RETRY, id, "", null);

        JsonNode job = answer.json();
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.headers())
                .containsEntry("location", "/api/jobs/" + job.get("job_id").asText())
                .containsEntry("cache-control", "no-store")
                .containsEntry("retry-after", "1");
        assertThat(job.get("kind").asText()).isEqualTo("retry_rejected");
        assertThat(job.get("argument").asText()).isEqualTo(id);
        assertThat(job.get("requested_by").asText()).isEqualTo("root");
        assertThat(job.get("state").asText()).isEqualTo("queued");
        assertThat(jobId(job).version()).isEqualTo(7);
        assertThat(QUEUE.messages)
                .containsExactly("{\"job_id\":\"" + job.get("job_id").asText() + "\"}");
        assertThat(QUEUE.groups).containsExactly("retry_rejected." + id);
        assertThat(onlyId()).isEqualTo(id);
        assertThat(DATABASE.column("SELECT 1 FROM tasks WHERE task_id = '" + task + "'"))
                .isEmpty();
        assertThat(read(job)).isEqualTo(job);
    }

    @Test
    void sameJobRequestedAgain_isTheSameJobUntilItEnds_andIsQueuedAgain() {
        ingest(sender, step(task, 1));
        String id = onlyId();
        JsonNode first = root.call(RETRY, id, "", null).json();

        assertThat(root.call(RETRY, id, "", null).json()).isEqualTo(first);
        assertThat(QUEUE.messages).hasSize(2);

        jobs.claim(jobId(first));
        JsonNode running = root.call(RETRY, id, "", null).json();
        assertThat(running.get("job_id")).isEqualTo(first.get("job_id"));
        assertThat(running.get("state").asText()).isEqualTo("running");
        assertThat(QUEUE.messages).hasSize(3).allMatch(QUEUE.messages.peek()::equals);

        jobs.fail(jobId(first), "The bucket did not respond in time.");
        assertThat(root.call(RETRY, id, "", null).json().get("job_id")).isNotEqualTo(first.get("job_id"));
        JsonNode failed = read(first);
        assertThat(failed.get("state").asText()).isEqualTo("failed");
        assertThat(failed.get("error").asText()).isEqualTo("The bucket did not respond in time.");
        assertThat(failed.get("ended_at").isTextual()).isTrue();
    }

    @Test
    void concurrentRequests_getTheSameJob() {
        ingest(sender, step(task, 1));
        String id = onlyId();

        List<CompletableFuture<String>> requests = Stream.generate(
                        () -> new Api(new ApiHandler(QUEUED_SETTINGS), ADMIN))
                .limit(4)
                .map(another -> CompletableFuture.supplyAsync(
                        () -> another.call(RETRY, id, "", null).text("/job_id")))
                .toList();

        assertThat(requests.stream().map(CompletableFuture::join).distinct()).hasSize(1);
        assertThat(DATABASE.value("SELECT count(*) FROM jobs WHERE argument = '" + id + "'"))
                .isEqualTo("1");
    }

    @Test
    void jobWhoseMessageCannotBeSent_isAcceptedAndLogged_andOverdueAfterFiveMinutes() {
        ingest(sender, step(task, 1));
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.put("STEPTRAIL_JOBS_QUEUE_URL", "http://127.0.0.1:1/000000000000/jobs.fifo");

        Api.Answer answer = new Api(new ApiHandler(settings), ADMIN).call(RETRY, onlyId(), "", null);

        assertThat(answer.status()).isEqualTo(202);
        UUID jobId = jobId(answer.json());
        assertThat(answer.logged())
                .contains("\"event\":\"job_not_queued\"", jobId.toString())
                .contains("the queue is not available (ConnectException)");
        assertThat(jobs.findOverdue()).doesNotContain(jobId);
        DATABASE.execute("UPDATE jobs SET requested_at = now() - interval '6 minutes' WHERE job_id = '" + jobId + "'");
        assertThat(jobs.findOverdue()).contains(jobId);
    }

    @Test
    void restoreOfAnArchivedTask_addsAJob() {
        archivedTask();

        Api.Answer answer = restore(task);

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.text("/kind")).isEqualTo("restore_task");
        assertThat(answer.text("/argument")).isEqualTo(task.toString());
        assertThat(QUEUE.groups).containsExactly("restore_task." + task);
    }

    @Test
    void restoreOfAMissingTask_is404_andOfAnotherTask_is409() {
        assertProblem(restore(task), "404 no-such-task", "The task does not exist. It may have been deleted.");
        storedTask();
        assertProblem(restore(task), "409 not-archived", "The task is not archived. Its steps are in the database.");
        new Api(HANDLER, Map.of("sub", "ann")).delete(task);
        assertProblem(restore(task), "404 no-such-task", "The task does not exist. It may have been deleted.");
        assertThat(QUEUE.messages).isEmpty();
    }

    @Test
    void job_isOnlyForItsRequesterAndAdmins() {
        ingest(sender, step(task, 1));
        JsonNode job = root.call(RETRY, onlyId(), "", null).json();
        String id = job.get("job_id").asText();
        Api ann = new Api(HANDLER, Map.of("sub", "ann"));

        assertThat(new Api(HANDLER, Map.of("sub", "another", "cognito:groups", "[steptrail-admin]"))
                        .get(JOB, id)
                        .json())
                .isEqualTo(job);
        assertThat(new Api(HANDLER, Map.of("sub", "root")).get(JOB, id).json()).isEqualTo(job);
        for (String hidden : List.of(id, "x", "0190163d-8694-739b-aea5-966c26f8ad91")) {
            assertProblem(
                    ann.get(JOB, hidden),
                    "404 no-such-job",
                    "No job has the id \"" + hidden
                            + "\", or another user requested it. Jobs are deleted 30 days after they ended.");
        }
    }

    private JsonNode read(JsonNode job) {
        return root.get(JOB, job.get("job_id").asText(), "").json();
    }

    private static UUID jobId(JsonNode job) {
        return UUID.fromString(job.get("job_id").asText());
    }

    private void storedTask() {
        register(sender, "ann");
        ingest(sender, started(task), step(task, 1), ended(task, TaskStatus.SUCCEEDED, 1));
    }

    private void archivedTask() {
        storedTask();
        DATABASE.execute(
                "UPDATE tasks SET status = 'archived', archived_status = status WHERE task_id = '" + task + "'");
    }

    private Api.Answer restore(UUID taskId) {
        return root.call(RESTORE, null, "", "{\"task_id\":\"" + taskId + "\"}");
    }

    private static void assertProblem(Api.Answer answer, String problem, String detail) {
        assertThat(answer.problem()).isEqualTo(problem);
        assertThat(answer.detail()).isEqualTo(detail);
    }
}
