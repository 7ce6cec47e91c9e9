package dev.steptrail.operations;

import static dev.steptrail.store.TestRecords.START;
import static dev.steptrail.store.TestRecords.started;
import static dev.steptrail.store.TestRecords.startedRepeat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.aws.Log;
import dev.steptrail.aws.Settings;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.stepformat.VerdictValue.Label;
import dev.steptrail.store.TestContext;
import dev.steptrail.store.TestFilters;
import dev.steptrail.store.admin.JobRepository.RequestedJob;
import dev.steptrail.store.jdbc.Database;
import dev.steptrail.store.judgements.BulkChange;
import dev.steptrail.store.judgements.BulkRequest;
import dev.steptrail.store.judgements.TagChange;
import dev.steptrail.store.judgements.VerdictRepository.NewVerdict;
import dev.steptrail.store.model.Facet;
import dev.steptrail.store.model.TaskFilter;
import dev.steptrail.store.roles.FunctionLogin;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests jobs that change the tasks which a filter selects, with the login of operations. */
class BulkJobIT extends JobsTestBase {
    private static final Database OPERATIONS = DATABASE.database(FunctionLogin.OPERATIONS);
    private static final RequestedJobRunner RUNNER = new RequestedJobRunner(OPERATIONS, new Settings(SETTINGS));
    private static final BulkChange NIGHTLY = new TagChange(List.of("nightly"), List.of());

    /** Three batches. */
    private static final int TASKS = 1234;

    private final String owner = "owner of " + task;
    private final String tagged = "tasks WHERE owner = '" + owner + "' AND 'nightly' = ANY (tags)";
    private final String audited =
            "audit_log WHERE task_owner = '" + owner + "' AND action = 'change_tags' AND caller = 'ann'";

    @AfterAll
    static void close() {
        OPERATIONS.close();
    }

    @BeforeEach
    void addTasks() {
        DATABASE.register(sender, owner);
        ingest(sender, started(task));
        DATABASE.execute("INSERT INTO tasks (task_id, owner, start_received, started_at, metadata)"
                + " SELECT gen_random_uuid(), owner, true, started_at - n / 3 * interval '1 second', '{\"n\":1}'"
                + " FROM tasks, generate_series(1, " + (TASKS - 1) + ") AS n WHERE task_id = '" + task + "'");
    }

    private static RequestedJob request(TaskFilter filter, BulkChange change) {
        return request(filter, change, "ann");
    }

    private static RequestedJob request(TaskFilter filter, BulkChange change, String caller) {
        BulkRequest request = new BulkRequest(filter, change);
        return JOBS.requestBulk(request.kind(), request.hash(caller), request.json(), caller)
                .orElseThrow();
    }

    private RequestedJob tagAll() {
        return request(TaskFilter.forOwner(owner), NIGHTLY);
    }

    /** Returns a supplier of times that ends after this number of batches. */
    private static Supplier<Duration> batches(int batches, Runnable end) {
        int[] left = {batches};
        return () -> {
            if (left[0]-- == 0) {
                end.run();
                return Duration.ZERO;
            }
            return Duration.ofMinutes(1);
        };
    }

    private static boolean attempt(RequestedJob job, Supplier<Duration> remaining) {
        return RUNNER.run(job.jobId(), Log.of(new TestContext()), remaining);
    }

    private static RequestedJob find(RequestedJob job) {
        return JOBS.find(job.jobId()).orElseThrow();
    }

    private static void assertResult(JsonNode result, int matched, int changed, int unchanged) {
        assertThat(result.toString())
                .isEqualTo("{\"matched\":%d,\"changed\":%d,\"unchanged\":%d,\"not_found\":0,\"refused\":0}"
                        .formatted(matched, changed, unchanged));
    }

    @Test
    void tags_areChangedInAllTasksOfTheOwner_andAuditedOncePerTask() {
        String others = "tasks WHERE owner <> '" + owner + "' AND 'nightly' = ANY (tags)";
        long before = DATABASE.count(others);

        RequestedJob done = run(tagAll());

        assertResult(result(done), TASKS, TASKS, 0);
        assertThat(done.progress()).isEqualTo(done.result());
        assertThat(DATABASE.count(tagged)).isEqualTo(TASKS);
        assertThat(DATABASE.count(audited)).isEqualTo(TASKS);
        assertThat(DATABASE.count(others)).isEqualTo(before);
        assertThat(DATABASE.count("task_facets WHERE facet = 'tag' AND owner = '" + owner + "'"))
                .isEqualTo(TASKS);
        assertResult(result(run(tagAll())), TASKS, 0, TASKS);
        assertThat(DATABASE.count(audited)).isEqualTo(TASKS);

        TaskFilter filter = TestFilters.of(owner, List.of(Facet.tag("nightly")));
        RequestedJob removed = run(request(filter, new TagChange(List.of(), List.of("nightly"))));

        assertResult(result(removed), TASKS, TASKS, 0);
        assertThat(DATABASE.count(tagged)).isEqualTo(0);
    }

    @Test
    void verdicts_areSetOnTheTasksThatASearchFinds() {
        DATABASE.execute("UPDATE tasks SET agent = 'glm' WHERE owner = '" + owner
                + "' AND task_id IN (SELECT task_id FROM tasks WHERE owner = '" + owner
                + "' ORDER BY task_id LIMIT 700)");
        TaskFilter filter =
                new TaskFilter(owner, "running", "glm", null, null, null, null, null, List.of(), null, null, null);

        RequestedJob done = run(request(filter, new NewVerdict("success", Label.FAIL, null, null, "server down")));

        assertResult(result(done), 700, 700, 0);
        assertThat(DATABASE.count(
                        "tasks WHERE owner = '" + owner + "' AND verdict = 'fail' AND agent = 'glm' AND NOT success"))
                .isEqualTo(700);
        assertThat(DATABASE.count("tasks WHERE owner = '" + owner + "' AND verdict IS NOT NULL"))
                .isEqualTo(700);
        assertThat(DATABASE.count("verdicts JOIN tasks USING (task_id) WHERE owner = '" + owner
                        + "' AND judge = 'ann' AND author = 'ann' AND source = 'human'"))
                .isEqualTo(700);
    }

    @Test
    void attemptThatCrashes_isResumedAfterItsLastBatch() {
        RequestedJob job = tagAll();
        assertThatThrownBy(() -> attempt(job, batches(2, () -> {
                    throw new OutOfMemoryError("simulated");
                })))
                .isInstanceOf(OutOfMemoryError.class);

        assertThat(DATABASE.count(tagged)).isEqualTo(1000);
        assertThat(find(job).state()).isEqualTo("running");
        assertThat(find(job).progress()).contains("\"changed\":1000");
        assertThat(attempt(job, () -> Duration.ofMinutes(1)))
                .as("the lease has not expired")
                .isFalse();
        // A task that starts during the job is not changed, because it is newer than the last task of the last batch.
        ingest(sender, startedRepeat(UuidV7.at(START), START.plusSeconds(1), "e", "c"));
        expireLease(job);

        assertResult(result(run(job)), TASKS, TASKS, 0);

        assertThat(DATABASE.count(tagged)).isEqualTo(TASKS);
        assertThat(DATABASE.count(audited)).isEqualTo(TASKS);
    }

    @Test
    void batchWhoseProgressCannotBeStored_isRolledBack() {
        RequestedJob job = tagAll();
        DATABASE.execute("ALTER TABLE jobs ADD CONSTRAINT crash CHECK (progress::text NOT LIKE '%:1000,%') NOT VALID");
        RequestedJob failed;
        try {
            failed = run(job);
        } finally {
            DATABASE.execute("ALTER TABLE jobs DROP CONSTRAINT crash");
        }

        assertThat(failed.state()).isEqualTo("failed");
        assertThat(failed.progress()).contains("\"changed\":500");
        assertThat(DATABASE.count(tagged)).isEqualTo(500);
        assertThat(DATABASE.count(audited)).isEqualTo(500);
        assertResult(result(run(tagAll())), TASKS, TASKS - 500, 500);
    }

    @Test
    void jobThatEndsMeanwhile_changesNoMoreTasks() {
        RequestedJob job = tagAll();
        AtomicInteger batches = new AtomicInteger();

        attempt(job, () -> {
            if (batches.getAndIncrement() == 1) {
                JOBS.fail(job.jobId(), "simulated");
            }
            return Duration.ofMinutes(1);
        });

        assertThat(find(job).error()).isEqualTo("simulated");
        assertThat(find(job).progress()).contains("\"changed\":500");
        assertThat(DATABASE.count(tagged)).isEqualTo(500);
    }

    @Test
    void jobThatTakesLonger_continuesInMaintenance_andOnlyTheNextJobOfItsUserWaits() {
        RequestedJob job = tagAll();
        RequestedJob next = request(TaskFilter.forOwner(owner), new TagChange(List.of(), List.of("nightly")));
        RequestedJob ofAnother = request(TaskFilter.forOwner("nobody"), NIGHTLY, "bob");
        for (int i = 0; i < 2; i++) {
            attempt(job, batches(1, () -> {}));
            assertThat(find(job).state()).isEqualTo("running");
            assertThat(DATABASE.value("SELECT attempts FROM jobs WHERE job_id = '" + job.jobId() + "'"))
                    .isEqualTo("0");
            assertThat(tagAll().jobId()).isEqualTo(job.jobId());
            assertThat(run(next).state()).isEqualTo("queued");
            expireLease(job);
        }

        assertResult(result(run(ofAnother)), 0, 0, 0);
        DATABASE.execute(
                "UPDATE jobs SET requested_at = requested_at - interval '6 minutes' WHERE requested_by = 'ann'");
        expireLease(job);
        assertThat(run(next).state()).isEqualTo("queued");

        DATABASE.execute("DELETE FROM task_processing"); // other work of maintenance, which takes seconds
        new MaintenanceHandler(SETTINGS).handleRequest(Map.of(), new TestContext());

        assertResult(result(find(job)), TASKS, TASKS, 0);
        assertResult(result(find(next)), TASKS, TASKS, 0);
        assertThat(DATABASE.count(tagged)).isEqualTo(0);
    }

    @Test
    void taskThatStartsAfterTheRequest_isNotChanged() {
        RequestedJob job = tagAll();
        ingest(sender, startedRepeat(UuidV7.at(START), Instant.now().plusSeconds(60), "e", "c"));

        assertResult(result(run(job)), TASKS, TASKS, 0);
    }
}
