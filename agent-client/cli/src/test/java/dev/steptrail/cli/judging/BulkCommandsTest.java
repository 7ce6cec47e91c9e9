package dev.steptrail.cli.judging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.cli.ApiTestBase;
import dev.steptrail.cli.ScriptedApi.Request;
import dev.steptrail.cli.ScriptedApi.Response;
import dev.steptrail.cli.ScriptedApi.Run;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code steptrail tag} and {@code steptrail verdicts set} for several tasks. Without a terminal. */
@Isolated("changes the standard input and a system property of the process")
class BulkCommandsTest extends ApiTestBase {
    private static final String OTHER = "0190163d-8694-739b-aea5-966c26f8ad92";
    private static final String JOB = "019cb8a4-2c4e-7a10-9f3b-5d1c0e7a6b21";
    private static final String WAITING = "steptrail: waiting for job " + JOB + System.lineSeparator();
    private static final String TAGS = "POST /api/bulk/tags";
    private static final String VERDICTS = "POST /api/bulk/verdicts";

    private static String counts(int matched, int changed, int unchanged, int notFound, int refused) {
        return "{\"matched\":%d,\"changed\":%d,\"unchanged\":%d,\"not_found\":%d,\"refused\":%d}"
                .formatted(matched, changed, unchanged, notFound, refused);
    }

    private static Response job(int status, String state, String progress, String result, String error) {
        return Response.json(
                status,
                "{\"job_id\":\"%s\",\"state\":\"%s\",\"progress\":%s,\"result\":%s,\"error\":%s}"
                        .formatted(JOB, state, progress, result, error));
    }

    private static Run success(String line) {
        return new Run(0, line + System.lineSeparator(), "");
    }

    private List<String> bodies() {
        return api.requests().stream().map(Request::body).toList();
    }

    @Test
    void severalTasks_areTaggedInOneRequest_inAnyOrderOfTheArguments() {
        api.on(TAGS, Response.json(200, counts(2, 1, 1, 0, 0)));

        assertThat(api.run("tag", "add", "nightly", TASK.toUpperCase(Locale.ROOT), "a b", OTHER))
                .isEqualTo(success("changed 1 task (1 unchanged)"));
        assertThat(api.run("tag", "remove", TASK, OTHER, "old", "--json")).isEqualTo(success(counts(2, 1, 1, 0, 0)));

        assertThat(bodies())
                .containsExactly(
                        "{\"add\":[\"nightly\",\"a b\"],\"task_ids\":[\"" + TASK + "\",\"" + OTHER + "\"]}",
                        "{\"remove\":[\"old\"],\"task_ids\":[\"" + TASK + "\",\"" + OTHER + "\"]}");
    }

    @Test
    void moreThan1000Tasks_areChangedInSeveralRequests_andMissingOnesExitWith1() {
        api.on(VERDICTS, Response.json(200, counts(999, 999, 0, 1, 0)), Response.json(200, counts(500, 500, 0, 0, 0)));
        Stream<String> ids = IntStream.range(0, 1500).mapToObj(i -> new UUID(0, i).toString());

        Run run = api.run(Stream.concat(Stream.of("verdicts", "set", "fail", "--reason", "x"), ids)
                .toArray(String[]::new));

        assertThat(run).isEqualTo(new Run(1, "changed 1499 tasks (1 not found)" + System.lineSeparator(), ""));
        assertThat(bodies()).hasSize(2).allMatch(body -> body.startsWith("{\"value\":\"fail\",\"reason\":\"x\","));
    }

    @Test
    void repeatedIds_areSentOnce() {
        api.on(TAGS, Response.json(200, counts(1000, 1000, 0, 0, 0)));
        api.on("PUT /api/tasks/" + TASK + "/tags/nightly", Response.json(200, "{}"));
        api.on("GET /api/tasks/" + TASK, Response.json(200, "{\"tags\":[\"nightly\"]}"));
        Stream<String> ids = IntStream.range(0, 1001).mapToObj(i -> new UUID(0, i % 1000).toString());

        assertThat(api.run(
                        Stream.concat(Stream.of("tag", "add", "nightly"), ids).toArray(String[]::new)))
                .isEqualTo(success("changed 1000 tasks"));
        assertThat(bodies()).hasSize(1);
        assertThat(api.run("tag", "add", "nightly", TASK, TASK)).isEqualTo(success("nightly"));
    }

    @Test
    void refusedVerdicts_nameTheirLimit() {
        api.on(VERDICTS, Response.json(200, counts(2, 1, 0, 0, 1)));

        assertThat(api.run("verdicts", "set", "fail", TASK, OTHER).out().strip())
                .isEqualTo("changed 1 task (1 refused, because a task has at most 1,000 verdicts)");
    }

    @Test
    void filters_areSentAsTheyAreInLists_andTheCommandWaitsForTheJob() {
        api.on(TAGS, job(202, "queued", "null", "null", "null"))
                .on(
                        "GET /api/jobs/" + JOB,
                        job(200, "running", counts(500, 500, 0, 0, 0), "null", "null"),
                        job(200, "done", counts(500, 500, 0, 0, 0), counts(1234, 1230, 0, 0, 4), "null"));

        Run run = api.run(
                "tag",
                "add",
                "nightly",
                "--yes",
                "--status",
                "failed",
                "--tag",
                "a",
                "--tag",
                "b",
                "--metadata",
                "n=1");

        assertThat(run)
                .isEqualTo(new Run(
                        1,
                        "changed 1230 tasks (4 refused, because a task has at most 50 tags)" + System.lineSeparator(),
                        WAITING));
        assertThat(bodies().get(0))
                .isEqualTo("{\"add\":[\"nightly\"],\"filter\":{\"metadata.n\":\"1\",\"status\":\"failed\","
                        + "\"tag\":[\"a\",\"b\"]}}");
        assertThat(api.requestLines()).hasSize(3);
    }

    @Test
    void noWait_printsTheJob_orTheCountsIfThereIsNone() {
        api.on(
                VERDICTS,
                job(202, "queued", "null", "null", "null"),
                job(202, "queued", "null", "null", "null"),
                Response.json(200, counts(3, 3, 0, 0, 0)));
        String[] command = {"verdicts", "set", "pass", "--yes", "--no-wait", "--status", "failed"};

        assertThat(api.run(command)).isEqualTo(success("requested, job " + JOB));
        assertThat(api.run(Stream.concat(Stream.of(command), Stream.of("--json"))
                                .toArray(String[]::new))
                        .out())
                .startsWith("{\"job_id\":\"" + JOB + "\"");
        assertThat(api.run(command)).isEqualTo(success("changed 3 tasks"));
        assertThat(api.requestLines()).containsOnly(VERDICTS);
    }

    @Test
    void failedJob_isReportedWithWhatItHasChanged() {
        api.on(VERDICTS, job(202, "queued", "null", "null", "null"))
                .on(
                        "GET /api/jobs/" + JOB,
                        job(200, "failed", counts(500, 500, 0, 0, 0), "null", "\"The database is unavailable.\""));

        Run run = api.run("verdicts", "set", "pass", "--yes", "--experiment", "e/1", "--verdict", "none");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .isEqualTo(WAITING + "steptrail: The database is unavailable. Until then changed 500 tasks."
                        + System.lineSeparator());
        assertThat(bodies().get(0))
                .isEqualTo("{\"value\":\"pass\",\"filter\":{\"experiment\":\"e/1\",\"verdict\":\"none\"}}");
    }

    @Test
    void filtersWithoutATerminal_requireYes() {
        Run run = api.run("tag", "add", "nightly", "--status", "failed");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("steptrail: add --yes to change all tasks that match the filters; without a terminal, the"
                        + " command cannot ask");
        assertThat(api.requestLines()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"y, 0, false, 312", "Yes, 0, false, 312", "n, 1, false, 312", "'', 1, true, at least 312"})
    void filtersOnATerminal_askWithTheNumberOfTasks(String answer, int exitCode, boolean truncated, String shown) {
        String counted = counts(312, 0, 0, 0, 0).replace("}", ",\"truncated\":" + truncated + "}");
        api.on(TAGS, Response.json(200, counted), Response.json(200, counts(312, 312, 0, 0, 0)));
        InputStream before = System.in;
        System.setProperty("steptrail.interactive", "true");
        System.setIn(new ByteArrayInputStream((answer + "\n").getBytes(StandardCharsets.UTF_8)));
        Run run;
        try {
            run = api.run("tag", "add", "nightly", "--status", "failed");
        } finally {
            System.setIn(before);
            System.clearProperty("steptrail.interactive");
        }

        assertThat(run.exitCode()).isEqualTo(exitCode);
        assertThat(run.err()).startsWith("Change " + shown + " tasks? [y/N] ");
        assertThat(run.out().strip()).isEqualTo(exitCode == 0 ? "changed 312 tasks" : "");
        assertThat(bodies().get(0)).contains("\"dry_run\":true");
        assertThat(bodies()).hasSize(exitCode == 0 ? 2 : 1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            tag add nightly                              | expected the id of a task, or a filter such as --since
            tag add TASK                                 | expected at least one TAG
            tag remove TASK a --since 2026-05-14T00:00:00Z | expected either ids of tasks or filters, not both
            verdicts set TASK pass x                     | 'x' is not a task id; expected task ids and one value: pass, fail, unclear or a number
            verdicts set TASK pass fail                  | expected task ids and one value: pass, fail, unclear or a number
            verdicts set TASK                            | expected task ids and one value: pass, fail, unclear or a number
            verdicts set TASK OTHER good                 | the value must be pass, fail, unclear or a number, but is 'good'
            tag remove TASK OTHER 1 2 3 4 5 6 7 8 9 10 11 | expected at most 10 tags for several tasks, but there are 11; see steptrail tag remove --help
            verdicts set TASK pass --evaluator-version 2 | --evaluator-version requires --evaluator; see steptrail verdicts set --help
            """)
    void wrongArguments_areReported_andSendNoRequest(String arguments, String message) {
        Run run =
                api.run(arguments.replace("TASK", TASK).replace("OTHER", OTHER).split(" "));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("steptrail: " + message);
        assertThat(api.requestLines()).isEmpty();
    }
}
