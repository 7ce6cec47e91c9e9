package dev.steptrail.cli.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.steptrail.cli.ApiTestBase;
import dev.steptrail.cli.ScriptedApi;
import dev.steptrail.cli.ScriptedApi.Response;
import dev.steptrail.cli.ScriptedApi.Run;
import java.io.IOException;
import java.io.Writer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code steptrail tasks} and {@code steptrail steps}. */
class TasksAndStepsTest extends ApiTestBase {
    private static final String STEPS = "GET /api/tasks/" + TASK + "/steps";

    @Test
    void tasks_printsOneLineEach_withFullId() {
        api.on("GET /api/tasks", Response.json(200, """
                {"tasks":[
                 {"task_id":"0190163d-8694-739b-aea5-966c26f8ad91","name":null,"description":"把音量\\n调大","status":"failed",
                  "end_reason":"max_steps","started_at":"2026-05-14T09:41:00.123456Z","total_steps":27,"successful_steps":20,
                  "failed_steps":7},
                 {"task_id":"0190163d-8694-739b-aea5-966c26f8ad92","name":"torch","description":"x","status":"succeeded",
                  "end_reason":"finished","started_at":"2026-05-13T09:41:00Z","total_steps":3,"successful_steps":3,
                  "failed_steps":0,"verdict":"fail","claimed_success":true}],
                 "next_cursor":"more"}"""));

        Run run = api.run("tasks", "--limit", "2");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines())
                .containsExactly(
                        "TASK ID                               STARTED                    STATUS              VERDICT               "
                                + "  STEPS  OK  FAILED  NAME",
                        "0190163d-8694-739b-aea5-966c26f8ad91  2026-05-14T17:41:00+08:00  failed (max_steps)  -                     "
                                + "  27     20  7       把音量 调大",
                        "0190163d-8694-739b-aea5-966c26f8ad92  2026-05-13T17:41:00+08:00  succeeded           fail (claimed success)"
                                + "  3      3   0       torch",
                        "(the first 2; use --limit for more)");
        assertThat(api.requests()).singleElement().satisfies(request -> assertThat(request.authorization())
                .isEqualTo("Bearer " + ScriptedApi.TOKEN));
    }

    @Test
    void emptyPagesOfASearch_areFollowed() {
        api.on(
                "GET /api/tasks",
                Response.json(200, "{\"tasks\":[],\"next_cursor\":\"a\"}"),
                Response.json(200, "{\"tasks\":[],\"next_cursor\":\"b\"}"),
                Response.json(200, "{\"tasks\":[{\"task_id\":\"found\"}],\"next_cursor\":null}"));

        assertThat(api.run("tasks", "--text", "camera").out()).contains("found");

        assertThat(api.requestLines())
                .containsExactly(
                        "GET /api/tasks?limit=50&text=camera",
                        "GET /api/tasks?cursor=a&limit=50&text=camera",
                        "GET /api/tasks?cursor=b&limit=50&text=camera");
    }

    @Test
    void tasks_endedWithoutFinish_showTheEndingOnlyWithoutAMessage() {
        api.on("GET /api/tasks", Response.json(200, """
                {"tasks":[
                 {"task_id":"0190163d-8694-739b-aea5-966c26f8ad91","name":"said why","status":"failed",
                  "end_reason":"ended_without_finish","message":"no such app","started_at":"2026-05-14T09:41:00Z","total_steps":3,
                  "successful_steps":2,"failed_steps":1},
                 {"task_id":"0190163d-8694-739b-aea5-966c26f8ad92","name":"stopped","status":"failed",
                  "end_reason":"ended_without_finish","message":null,"started_at":"2026-05-13T09:41:00Z","total_steps":3,
                  "successful_steps":3,"failed_steps":0}],
                 "next_cursor":null}"""));

        assertThat(api.run("tasks").out().lines())
                .containsExactly(
                        "TASK ID                               STARTED                    STATUS                         VERDICT  STEPS"
                                + "  OK  FAILED  NAME",
                        "0190163d-8694-739b-aea5-966c26f8ad91  2026-05-14T17:41:00+08:00  failed                         -        3    "
                                + "  2   1       said why",
                        "0190163d-8694-739b-aea5-966c26f8ad92  2026-05-13T17:41:00+08:00  failed (ended_without_finish)  -        3    "
                                + "  3   0       stopped");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--utc tasks", "tasks --utc", "tasks --limit 2 --utc"})
    void utcOption_printsTimesInUtc(String arguments) {
        api.on("GET /api/tasks", Response.json(200, """
                {"tasks":[{"task_id":"t","started_at":"2026-05-14T09:41:00.123456Z"}],"next_cursor":null}"""));

        assertThat(api.run(arguments.split(" ")).out()).contains("t        2026-05-14T09:41:00Z  ");
        assertThat(api.run("tasks").out()).contains("t        2026-05-14T17:41:00+08:00  ");
        assertThat(api.run("tasks", "--json").out()).contains("2026-05-14T09:41:00.123456Z");
    }

    @Test
    void rejectedMessage_isShownWithLocalTimes() {
        api.on("GET /api/admin/rejected/7", Response.json(200, """
                {"id":7,"rejected_at":"2026-05-14T09:41:00Z","body":"2026-05-14T09:41:00Z"}"""));

        assertThat(api.run("rejected", "show", "7").out().lines())
                .containsExactly(
                        "id            7", //
                        "rejected_at   2026-05-14T17:41:00+08:00",
                        "body          2026-05-14T09:41:00Z");
        assertThat(api.run("rejected", "show", "7", "--utc").out()).contains("rejected_at   2026-05-14T09:41:00Z");
    }

    @Test
    void taskFilters_arePassedToApi() {
        api.on("GET /api/tasks", Response.json(200, "{\"tasks\":[],\"next_cursor\":null}"));

        Run run = api.run(
                "tasks --status failed --agent a&b --model m --device d --owner ann --limit 7 --text 音".split(" "));
        api.run("tasks", "--since", "2026-05-14T17:41:00+08:00", "--until", "2026-05-15T00:00:00Z");

        assertThat(run.exitCode()).isZero();
        assertThat(api.requestLines())
                .containsExactly(
                        "GET /api/tasks?agent=a%26b&device_id=d&limit=7&model=m&owner=ann&status=failed&text=%E9%9F%B3",
                        "GET /api/tasks?limit=50&since=2026-05-14T09%3A41%3A00Z&until=2026-05-15T00%3A00%3A00Z");
    }

    @Test
    void filtersByJudgements_arePassedToApi() {
        api.on("GET /api/tasks", Response.json(200, "{\"tasks\":[],\"next_cursor\":null}"));

        Run run = api.run(
                "tasks --tag a,b --tag 相 --verdict none --experiment e/1 --case c --metadata build=1=2 --metadata"
                        .concat(" phone.lang&=zh --limit 1")
                        .split(" "));

        assertThat(run.err()).isEmpty();
        assertThat(api.requestLines())
                .containsExactly("GET /api/tasks?case_id=c&experiment=e%2F1&limit=1&metadata.build=1%3D2"
                        + "&metadata.phone.lang%26=zh&tag=a%2Cb&tag=%E7%9B%B8&verdict=none");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--metadata build|--metadata must be KEY=VALUE, such as build=1.10, but is 'build'",
                "--metadata =1|--metadata must be KEY=VALUE, such as build=1.10, but is '=1'",
                "--metadata a=1 --metadata a=2|--metadata has two values for the key 'a', but a task has only one",
                "--verdict passed|--verdict must be one of pass, fail, unclear, none, but is 'passed'"
            })
    void invalidFilter_isAUsageError(String options, String message) {
        Run run = api.run(("tasks " + options).split(" "));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(message);
        assertThat(api.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "pass, true, pass",
        "pass, false, pass (claimed failure)",
        "fail, true, fail (claimed success)",
        "fail, , fail",
        "unclear, true, unclear",
        ", true, -"
    })
    void verdictColumn_showsAClaimThatDiffers(String verdict, Boolean claimed, String cell) {
        JsonNode task =
                new ObjectMapper().createObjectNode().put("verdict", verdict).put("claimed_success", claimed);

        assertThat(TasksCommand.verdict(task)).isEqualTo(cell);
    }

    @Test
    void steps_showActionWithErrorOrThinking() {
        api.on(STEPS, Response.json(200, """
                {"steps":[
                 {"step_number":1,"timestamp":"2026-05-14T09:41:00Z","step_type":"action","success":true,"duration_ms":812,
                  "action":{"_metadata":"do","action":"Tap","element":[499,842]},"thinking":"It is\\nhalf way."},
                 {"step_number":2,"timestamp":"2026-05-14T09:41:03Z","step_type":"action","success":false,"duration_ms":null,
                  "action":{"action":"Launch","app":"航班"},"error_message":"App not found","thinking":"Hm."},
                 {"step_number":12,"timestamp":"2026-05-14T09:41:04Z","step_type":"mine","success":null,"action":null},
                 {"step_number":13,"timestamp":"2026-05-14T09:41:05Z","step_type":"mine","success":null,"error_message":"lost"},
                 {"step_number":14,"timestamp":"2026-05-14T09:41:06Z","step_type":"mine","success":false,"error_message":null,
                  "action_result":{"message":"shut"},"thinking":"Hm."}],
                 "next_cursor":null}"""));

        Run run = api.run("steps", TASK);

        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines())
                .containsExactly(
                        "STEP  TIME                       TYPE    RESULT  MS   DETAILS",
                        "1     2026-05-14T17:41:00+08:00  action  ok      812  Tap element=499,842 | It is half way.",
                        "2     2026-05-14T17:41:03+08:00  action  failed  -    Launch app=航班 | error: App not found",
                        "12    2026-05-14T17:41:04+08:00  mine    -       -    -",
                        "13    2026-05-14T17:41:05+08:00  mine    failed  -    error: lost",
                        "14    2026-05-14T17:41:06+08:00  mine    failed  -    error: shut");
    }

    @Test
    void steps_markValuesOfWhichTheResponseHasOnlyAPart() {
        api.on(STEPS, Response.json(200, """
                {"steps":[{"step_number":1,"step_type":"action","timestamp":"2026-05-14T09:41:00Z","action":null,
                  "thinking":"The beginning","attachments":[{"field":"thinking"},{"field":"action"}]}],
                 "next_cursor":null}"""));

        assertThat(api.run("steps", TASK).out())
                .contains("action: see steptrail attachments | The beginning… (all of it: steptrail attachments)");
    }

    @Test
    void steps_arePaged_toLimitOrEnd() {
        api.on(
                STEPS,
                Response.json(200, "{\"steps\":[{\"step_number\":1},{\"step_number\":2}],\"next_cursor\":\"a b\"}"),
                Response.json(200, "{\"steps\":[{\"step_number\":3}],\"next_cursor\":\"c\"}"),
                Response.json(200, "{\"steps\":[{\"step_number\":4}],\"next_cursor\":null}"));

        assertThat(api.run("steps", TASK, "--limit", "3", "--order", "desc")
                        .out()
                        .lines())
                .hasSize(5)
                .last()
                .isEqualTo("(the first 3; use --limit for more)");
        assertThat(api.run("steps", TASK, "--success", "none", "--min-number", "4", "--max-number", "9", "--type", "x")
                        .out()
                        .lines())
                .hasSize(2);

        assertThat(api.requestLines())
                .containsExactly(
                        STEPS + "?limit=3&order=desc",
                        STEPS + "?cursor=a%20b&limit=1&order=desc",
                        STEPS + "?limit=1000&max_number=9&min_number=4&order=asc&success=none&type=x");
    }

    @Test
    void json_equalsResponseOfApi_withOneElementPerLine() throws Exception {
        api.on(
                STEPS,
                Response.json(200, "{\"steps\":[{\"a\":1.10,\"b\":12345678901234567890.5}],\"next_cursor\":\"c\"}"),
                Response.json(200, "{\"steps\":[{\"a\":\"\\u001b[2J\"}],\"next_cursor\":null}"));

        String out = api.run("steps", TASK, "--json").out();

        assertThat(out.lines())
                .containsExactly(
                        "{\"steps\":[", "{\"a\":1.10,\"b\":12345678901234567890.5},", "{\"a\":\"\\u001B[2J\"}", "]}");
        JsonNode json = new ObjectMapper().readTree(out);
        assertThat(json.path("steps")).hasSize(2);
    }

    @Test
    void emptyList_printsHeading_orEmptyJsonList() {
        api.on(STEPS, Response.json(200, "{\"steps\":[],\"next_cursor\":null}"));

        assertThat(api.run("steps", TASK).out().lines()).hasSize(1);
        assertThat(api.run("steps", TASK, "--json").out().strip()).isEqualTo("{\"steps\":[]}");
    }

    @Test
    void truncatedList_isInvalidJson_withExitCode1() {
        api.on(
                STEPS,
                Response.json(200, "{\"steps\":[{\"step_number\":1},{\"step_number\":2}],\"next_cursor\":\"c\"}"),
                Response.problem(503, "unavailable", "The database cannot be reached."));

        Run run = api.run("steps", TASK, "--json");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).doesNotContain("]}");
        assertThat(run.err()).isEqualTo("steptrail: The database cannot be reached." + System.lineSeparator());
    }

    @Test
    void failedOutput_stopsRequests() {
        api.on(STEPS, Response.json(200, "{\"steps\":[{\"step_number\":1}],\"next_cursor\":\"c\"}"));
        Writer closed = new Writer() {
            @Override
            public void write(char[] characters, int offset, int length) throws IOException {
                throw new IOException("Broken pipe");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };

        Run run = api.run(closed, "steps", TASK);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo("steptrail: failed to write to standard output: the pipe is closed or the disk is full"
                        + System.lineSeparator());
        assertThat(api.requestLines()).hasSize(1);
    }

    @Test
    void controlCharactersFromAgent_areReplaced() {
        api.on(STEPS, Response.json(200, """
                {"steps":[{"step_number":1,"step_type":"\\u001b]0;x\\u0007","thinking":"\\u001b[2J\\u009b1m \\u202eabc",
                 "action":{"action":"\\u001b[31mTap","\\r":"\\b"}}],"next_cursor":null}"""));

        String out = api.run("steps", TASK).out();

        assertThat(out.replace(System.lineSeparator(), "")).doesNotMatch("(?s).*[\\p{Cc}\\p{Cf}].*");
        assertThat(out).contains("?[31mTap ?=").contains("?[2J?1m ?abc");
    }

    @Test
    void taskOfOtherOwner_isReportedInOneLine() {
        Run run = api.run("steps", TASK);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo("steptrail: The task or step does not exist, or it belongs to another owner."
                        + System.lineSeparator());
        assertThat(run.out()).isEmpty();
    }

    @Test
    void rejectedToken_messageSaysHowToGetNewOne() {
        api.on("GET /api/tasks", Response.json(401, "{\"message\":\"Unauthorized\"}"));

        assertThat(api.run("tasks").err())
                .isEqualTo("steptrail: STEPTRAIL_TOKEN was rejected and may have expired; get a new one (with the local"
                        + " cloud: infra/local-cloud/up --token USER), or unset the variable and run steptrail login"
                        + System.lineSeparator());
    }
}
