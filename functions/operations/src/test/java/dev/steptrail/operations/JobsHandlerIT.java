package dev.steptrail.operations;

import static dev.steptrail.store.TestRecords.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.store.TestContext;
import dev.steptrail.store.admin.JobRepository.RequestedJob;
import dev.steptrail.store.jdbc.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Tests that each job ends once, whatever happens to its messages and attempts. */
class JobsHandlerIT extends JobsTestBase {
    @Test
    void jobDeliveredAgain_isNotRunAgain() {
        RequestedJob job = storable();
        RequestedJob done = run(job);
        TestContext context = new TestContext();

        assertThat(run(HANDLER, job, context)).isEqualTo(done);

        assertThat(context.logged()).contains("\"requested_job_skipped\"").doesNotContain("\"ingested\"");
        assertThat(audits()).hasSize(1);
    }

    @Test
    void failedConnection_isCountedInTheMetrics() throws Exception {
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.put("STEPTRAIL_DATABASE_URL", "jdbc:postgresql://127.0.0.1:1/none");
        TestContext context = new TestContext();
        RequestedJob job = storable();

        try (JobsHandler handler = new JobsHandler(settings)) {
            assertThatThrownBy(() -> run(handler, job, context)).isInstanceOf(StoreException.Unavailable.class);
        }

        JsonNode line = new JsonMapper().readTree(context.metricLines().get(0));
        assertThat(line.get("Function").asText()).isEqualTo("jobs");
        assertThat(line.get("DatabaseConnectFailures").asInt()).isPositive();
    }

    @Test
    void crashAfterTheStepsAreStored_keepsTheMessage_andTheNextAttemptFindsDuplicates() {
        RequestedJob job = storable();
        crashOnUpdate(DATABASE, "NEW.job_id = '" + job.jobId() + "' AND NEW.ended_at IS NOT NULL");
        assertThatThrownBy(() -> run(job)).isInstanceOf(StoreException.Unavailable.class);
        acceptUpdates(DATABASE);

        assertThat(DATABASE.count("task_steps", task)).isEqualTo(2);
        assertThat(rejectedIds()).hasSize(1);
        assertThat(audits()).isEmpty();
        assertThat(run(job).state()).as("the lease has not expired").isEqualTo("running");
        expireLease(job);

        assertThat(result(run(job)).get("duplicates").asInt()).isEqualTo(2);
        assertThat(DATABASE.count("task_steps", task)).isEqualTo(2);
        assertThat(rejectedIds()).isEmpty();
        assertThat(audits()).hasSize(1);
    }

    @Test
    void jobWhoseAttemptsNeverEnd_failsAfterThree() {
        RequestedJob job = storable();
        for (int i = 0; i < 3; i++) {
            assertThat(JOBS.claim(job.jobId())).isPresent();
            expireLease(job);
        }

        RequestedJob failed = run(job);

        assertThat(failed.state()).isEqualTo("failed");
        assertThat(failed.error()).startsWith("The job was attempted 3 times and never ended.");
        assertThat(rejectedIds()).hasSize(1);
    }

    @Test
    void concurrentMessagesOfAJob_runItOnce() throws Exception {
        RequestedJob job = storable();
        List<Callable<RequestedJob>> runs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            runs.add(() -> {
                try (JobsHandler handler = new JobsHandler(SETTINGS)) {
                    return run(handler, job, new TestContext());
                }
            });
        }

        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (Future<RequestedJob> run : threads.invokeAll(runs)) {
                assertThat(run.get().state()).isIn("running", "done");
            }
        } finally {
            threads.shutdown();
        }

        assertThat(DATABASE.count("task_steps", task)).isEqualTo(2);
        assertThat(rejectedIds()).isEmpty();
        assertThat(audits()).hasSize(1);
    }

    @Test
    void maintenance_runsJobsWhoseMessageWasLost_andDeletesThoseThatEnded30DaysAgo() {
        RequestedJob lost = storable();
        DATABASE.execute(
                "UPDATE jobs SET requested_at = now() - interval '6 minutes' WHERE job_id = '" + lost.jobId() + "'");
        RequestedJob young = requestRetry("999999999");
        RequestedJob recent = requestRetry("999999998");
        RequestedJob old = requestRetry("999999997");
        List.of(recent, old).forEach(JobsTestBase::run);
        DATABASE.execute("UPDATE jobs SET ended_at = now() - interval '31 days' WHERE job_id = '" + old.jobId() + "'");

        assertThat(new MaintenanceHandler(SETTINGS).handleRequest(Map.of(), new TestContext()))
                .containsEntry("requested_jobs", "done");

        assertThat(result(JOBS.find(lost.jobId()).orElseThrow()).get("outcome").asText())
                .isEqualTo("stored");
        assertThat(JOBS.find(young.jobId()).orElseThrow().state()).isEqualTo("queued");
        assertThat(JOBS.find(recent.jobId())).isPresent();
        assertThat(JOBS.find(old.jobId())).isEmpty();
        assertThat(DATABASE.value("SELECT counts ->> 'run_jobs' FROM maintenance_runs"
                        + " WHERE kind = 'requested_jobs' ORDER BY id DESC LIMIT 1"))
                .isEqualTo("1");
    }

    @Test
    void messageThatIsInvalidOrOfAMissingJob_isLogged() {
        for (String body : List.of("", "no json", "{}", "{\"job_id\":7}", "{\"job_id\":\"../x\"}", "[]")) {
            assertThat(logOf(body)).as(body).contains("\"invalid_job_message\"");
        }
        assertThat(logOf("{\"job_id\":\"" + task + "\"}")).contains("\"requested_job_skipped\"");
    }

    private static String logOf(String body) {
        TestContext context = new TestContext();
        HANDLER.handleRequest(event(message(body)), context);
        return context.logged();
    }

    /** Requests the retry of a message with two steps that can now be stored. */
    private RequestedJob storable() {
        ingest(sender, step(task, 1), step(task, 2));
        DATABASE.register(sender, "ann");
        return requestRetry(onlyId());
    }

    private List<String> audits() {
        return DATABASE.audited("retry_rejected").stream()
                .filter(entry -> entry.contains(sender))
                .toList();
    }
}
