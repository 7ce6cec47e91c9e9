package dev.steptrail.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.store.TestContext;
import dev.steptrail.store.admin.JobRepository;
import dev.steptrail.store.admin.JobRepository.RequestedJob;
import dev.steptrail.store.jdbc.StoreException;
import dev.steptrail.store.retention.TaskDeletion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tests the outcomes of jobs that restore tasks; RestoreIT and ArchivedTaskIT test the restoration itself. */
@Tag("slow")
class RestoreJobIT {
    private final ExpiredTasks tasks = new ExpiredTasks();
    private final Map<String, String> settings = tasks.database.settings(tasks.bucket.settings());
    private final JobRepository jobs = new JobRepository(tasks.connection);

    @AfterEach
    void close() {
        tasks.close();
    }

    @Test
    void archivedTask_isRestoredAndAudited_andASecondJobFails() {
        UUID task = tasks.task(2);
        List<String> before = tasks.rows(task);
        tasks.run();

        RequestedJob job = restore(settings, task);

        assertThat(job.result())
                .isEqualTo("{\"task_id\":\"%s\",\"status\":\"succeeded\",\"parts\":1,\"steps\":2,\"screenshots\":4}"
                        .formatted(task));
        assertThat(tasks.rows(task)).isEqualTo(before);
        assertThat(audits()).containsExactly("root restore_task " + task + " " + ExpiredTasks.OWNER + " {}");

        assertThat(restore(settings, task).error())
                .isEqualTo("The task is not archived. Its steps are in the database.");
        assertThat(audits()).hasSize(1);
    }

    @Test
    void crashBeforeTheCommit_restoresNothing_andTheNextAttemptRestoresTheTaskOnce() {
        UUID task = tasks.task(2);
        tasks.run();
        RequestedJob job = request(task);
        JobsTestBase.crashOnUpdate(tasks.database, "NEW.ended_at IS NOT NULL");
        assertThatThrownBy(() -> run(settings, job, new TestContext())).isInstanceOf(StoreException.Unavailable.class);
        JobsTestBase.acceptUpdates(tasks.database);

        assertThat(tasks.status(task)).isEqualTo("archived");
        assertThat(tasks.steps(task)).isZero();
        tasks.database.execute("UPDATE jobs SET started_at = now() - interval '16 minutes'");

        assertThat(run(settings, job, new TestContext()).state()).isEqualTo("done");
        assertThat(run(settings, job, new TestContext()).state()).isEqualTo("done");
        assertThat(tasks.steps(task)).isEqualTo(2);
        assertThat(audits()).hasSize(1);
    }

    @Test
    void damagedArchiveOrDeletedTask_failsTheJob_andNothingIsRestored() {
        UUID task = tasks.task(2);
        tasks.run();
        tasks.bucket.put(tasks.keys("archive/").get(0), new byte[] {1, 2, 3});

        assertThat(restore(settings, task).error())
                .isEqualTo("Nothing was restored: part 1 is damaged: gzip: data is truncated or invalid.");
        assertThat(tasks.status(task)).isEqualTo("archived");

        RequestedJob job = request(task);
        new TaskDeletion(tasks.connection).delete(task, ExpiredTasks.OWNER);
        assertThat(run(settings, job, new TestContext()).error())
                .isEqualTo("The task does not exist. It may have been deleted.");
    }

    @Test
    void unavailableBucket_failsTheJob_andTheCauseIsLogged() {
        UUID task = tasks.task(2);
        tasks.run();
        Map<String, String> away = new HashMap<>(settings);
        away.put("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1");
        TestContext context = new TestContext();

        assertThat(run(away, request(task), context).error())
                .isEqualTo("The bucket did not respond in time. Retry in a few seconds.");
        assertThat(context.logged())
                .contains("\"event\":\"bucket_unavailable\"", "\"the bucket is not available (ConnectException)\"");
        assertThat(restore(settings, task).state()).isEqualTo("done");
    }

    @Test
    void stepReceivedWhileItsTaskWasArchived_isADuplicateOnceTheTaskIsRestored() {
        UUID task = tasks.task(2);
        tasks.run();
        tasks.arrive(tasks.stepWithScreenshots(task, 1));
        String id = tasks.database.value("SELECT id FROM rejected_messages");

        assertThat(retry(id).result())
                .contains("\"rejected_again\"", "\"the task is archived; restore it, then retry\"");
        restore(settings, task);
        assertThat(retry(id).result()).contains("\"stored\"", "\"duplicates\":1");
        assertThat(tasks.database.column("SELECT id FROM rejected_messages")).isEmpty();
    }

    @Test
    void taskOf10000Steps_isRestoredInOneJob() {
        UUID task = tasks.task(2);
        tasks.database.execute(
                "INSERT INTO task_steps (task_id, step_number, step_type, step_data, created_at) SELECT '" + task
                        + "', n, 'action', json_build_object('action', repeat(md5(n::text), 60)), now()"
                        + " FROM generate_series(3, 10000) AS n");
        tasks.database.execute("UPDATE tasks SET total_steps = 10000");
        tasks.run();

        assertThat(restore(settings, task).result()).contains("\"steps\":10000");
    }

    private RequestedJob request(UUID task) {
        return jobs.request(JobRepository.RESTORE_TASK, task.toString(), "root");
    }

    private RequestedJob restore(Map<String, String> settings, UUID task) {
        return run(settings, request(task), new TestContext());
    }

    private RequestedJob retry(String id) {
        return run(settings, jobs.request(JobRepository.RETRY_REJECTED, id, "root"), new TestContext());
    }

    private RequestedJob run(Map<String, String> settings, RequestedJob job, TestContext context) {
        try (JobsHandler handler = new JobsHandler(settings)) {
            return JobsTestBase.run(handler, job, context, jobs);
        }
    }

    private List<String> audits() {
        return tasks.database.column("SELECT concat_ws(' ', caller, action, task_id, task_owner, detail)"
                + " FROM audit_log WHERE action = 'restore_task'");
    }
}
