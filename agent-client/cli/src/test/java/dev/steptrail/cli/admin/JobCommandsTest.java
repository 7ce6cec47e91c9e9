package dev.steptrail.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.cli.ApiTestBase;
import dev.steptrail.cli.ScriptedApi.Response;
import dev.steptrail.cli.ScriptedApi.Run;
import org.junit.jupiter.api.Test;

/** The commands that request jobs and wait for their results. */
class JobCommandsTest extends ApiTestBase {
    private static final String JOB = "019cb8a4-2c4e-7a10-9f3b-5d1c0e7a6b21";
    private static final String GET_JOB = "GET /api/jobs/" + JOB;
    private static final String RESTORE = "POST /api/admin/restore";
    private static final String RETRY = "POST /api/admin/rejected/17/retry";

    private static final String STORED =
            "{\"id\":17,\"outcome\":\"stored\",\"reason\":null,\"steps\":2,\"duplicates\":0,\"rejected\":0,\"dropped\":0}";

    private static final String RESTORED =
            "{\"task_id\":\"" + TASK + "\",\"status\":\"failed\",\"parts\":1,\"steps\":2,\"screenshots\":0}";

    @Test
    void retry_waitsUntilTheJobIsDone_andPrintsItsResult() {
        api.on(RETRY, job(202, "queued", "null", "null"))
                .on(
                        GET_JOB,
                        job(200, "queued", "null", "null"),
                        job(200, "running", "null", "null"),
                        job(200, "done", STORED, "null"));

        assertThat(api.run("rejected", "retry", "17")).isEqualTo(success("17  stored"));
        assertThat(api.requestLines()).containsExactly(RETRY, GET_JOB, GET_JOB, GET_JOB);
        assertThat(api.run("rejected", "retry", "17", "--json")).isEqualTo(success(STORED));
    }

    @Test
    void retryThatIsRejectedAgain_exitsWith1() {
        String rejected = STORED.replace("stored", "rejected_again").replace("\"reason\":null", "\"reason\":\"bad\"");
        api.on(RETRY, job(202, "done", rejected, "null"));

        Run run = api.run("rejected", "retry", "17");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEqualTo("17  rejected again: bad" + System.lineSeparator());
    }

    @Test
    void restore_ofAMissingTask_continuesWithOthers_andExitsWith1() {
        api.on(
                        RESTORE,
                        Response.problem(404, "no-such-task", "The task does not exist."),
                        job(202, "queued", "null", "null"))
                .on(GET_JOB, job(200, "done", RESTORED, "null"));

        Run run = api.run("restore", "unknown", TASK);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("steptrail: unknown: The task does not exist." + System.lineSeparator());
        assertThat(run.out()).isEqualTo(TASK + "  restored, failed: 2 steps" + System.lineSeparator());
    }

    @Test
    void failedJob_isReported_andExitsWith1() {
        api.on(RESTORE, job(202, "queued", "null", "null"))
                .on(GET_JOB, job(200, "failed", "null", "\"Nothing was restored: part 1 is damaged.\""));

        Run run = api.run("restore", TASK);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .isEqualTo(
                        "steptrail: " + TASK + ": Nothing was restored: part 1 is damaged." + System.lineSeparator());
    }

    @Test
    void noWait_printsTheJobs() {
        api.on(RESTORE, job(202, "queued", "null", "null")).on(RETRY, job(202, "queued", "null", "null"));

        assertThat(api.run("restore", "--no-wait", TASK)).isEqualTo(success(TASK + "  requested, job " + JOB));
        assertThat(api.run("rejected", "retry", "--no-wait", "17")).isEqualTo(success("17  requested, job " + JOB));
        assertThat(api.run("rejected", "retry", "--no-wait", "--json", "17").out())
                .startsWith("{\"job_id\":\"" + JOB + "\"");
        assertThat(api.requestLines()).doesNotContain(GET_JOB);
    }

    @Test
    void jobsShow_printsStateResultAndError_andExitsWith1IfTheJobFailed() {
        api.on(
                GET_JOB,
                job(200, "running", "null", "null"),
                job(200, "done", STORED, "null"),
                job(200, "failed", "null", "\"The bucket is unavailable.\""));

        assertThat(api.run("jobs", "show", JOB).exitCode()).isZero();
        Run done = api.run("jobs", "show", JOB);
        assertThat(done.exitCode()).isZero();
        assertThat(done.out().lines())
                .containsExactly(
                        "job_id        " + JOB, "state         done", "result        " + STORED, "error         -");
        Run failed = api.run("jobs", "show", JOB);
        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.out()).contains("state         failed", "error         The bucket is unavailable.");
        Run json = api.run("jobs", "show", JOB, "--json");
        assertThat(json.exitCode()).isEqualTo(1);
        assertThat(json.out()).startsWith("{").contains("\"failed\"");
    }

    private static Run success(String line) {
        return new Run(0, line + System.lineSeparator(), "");
    }

    private static Response job(int status, String state, String result, String error) {
        return Response.json(
                status,
                "{\"job_id\":\"%s\",\"state\":\"%s\",\"result\":%s,\"error\":%s}".formatted(JOB, state, result, error));
    }
}
