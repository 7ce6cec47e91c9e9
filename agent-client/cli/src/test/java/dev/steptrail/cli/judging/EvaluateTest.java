package dev.steptrail.cli.judging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.cli.ScriptedApi;
import dev.steptrail.cli.ScriptedApi.Request;
import dev.steptrail.cli.ScriptedApi.Response;
import dev.steptrail.cli.ScriptedApi.Run;
import dev.steptrail.cli.Steptrail;
import dev.steptrail.shipper.fixture.JavaProcess;
import dev.steptrail.stepformat.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code steptrail evaluate}, with a file server in place of the bucket. */
@EnabledOnOs(OS.LINUX)
class EvaluateTest {
    private static final String FIRST = "0190163d-8694-739b-aea5-966c26f8ad91";
    private static final String SECOND = "0190163d-8694-739b-aea5-966c26f8ad92";
    private static final String NO_VERDICTS = "{\"verdicts\":[],\"next_cursor\":null}";
    private static final String NO_STEPS = "{\"steps\":[],\"next_cursor\":null}";
    private static final String NO_SCREENSHOTS = "{\"screenshots\":[],\"next_cursor\":null}";
    private static final String PASS =
            "sh -c 'cat >/dev/null; echo {\\\"value\\\":\\\"pass\\\",\\\"reason\\\":\\\"ok\\\"}'";

    private final ScriptedApi api;
    private final ScriptedApi store;

    @TempDir
    Path folder;

    EvaluateTest() throws IOException {
        api = new ScriptedApi();
        store = new ScriptedApi();
        api.on("GET /api/tasks/ID/verdicts", Response.json(200, NO_VERDICTS));
        api.on("GET /api/tasks/ID/steps", Response.json(200, NO_STEPS));
        api.on("GET /api/tasks/ID/screenshots", Response.json(200, NO_SCREENSHOTS));
        api.on("PUT /api/tasks/ID/verdicts", Response.json(200, "{}"));
    }

    @AfterEach
    void stop() {
        api.close();
        store.close();
    }

    private static String task(String id, String status, String claim) {
        return "{\"task_id\":\"" + id + "\",\"status\":\"" + status + "\",\"claimed_success\":" + claim
                + ",\"message\":\"done\",\"total_steps\":3,\"last_step_number\":3}";
    }

    private void tasks(String... tasks) {
        api.on(
                "GET /api/tasks",
                Response.json(200, "{\"tasks\":[" + String.join(",", tasks) + "],\"next_cursor\":null}"));
    }

    private Run evaluate(String command, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("evaluate", "--command", command, "--evaluator-version", "1", "--parallel", "1"));
        arguments.addAll(List.of(more));
        if (!arguments.contains("--evaluator")) {
            arguments.addAll(List.of("--evaluator", "sh"));
        }
        return api.run(arguments.toArray(String[]::new));
    }

    private List<String> stored() {
        return api.requests().stream()
                .filter(request -> request.line().startsWith("PUT "))
                .map(Request::body)
                .toList();
    }

    @Test
    void endedTasks_areJudged_andTheVerdictsAreStored() {
        tasks(task(FIRST, "succeeded", "true"), task(SECOND, "failed", "false"), task(SECOND, "running", "null"));

        Run run = evaluate(PASS);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines())
                .containsExactly(
                        "pass     " + FIRST + "  ok",
                        "pass     " + SECOND + "  ok",
                        "judged 2 tasks: 2 pass; already judged 0; failed 0",
                        "not judged: 1 running, 0 archived",
                        "1 of 2 verdicts disagree with the agent's claim");
        assertThat(stored())
                .hasSize(2)
                .containsOnly("{\"name\":\"success\",\"value\":\"pass\",\"reason\":\"ok\",\"evaluator\":\"sh\","
                        + "\"evaluator_version\":\"1\"}");
    }

    @Test
    void filters_arePassedToTheList() {
        tasks();

        Run run = evaluate(PASS, "--agent", "pixel", "--status", "failed");

        assertThat(run.out().strip()).isEqualTo("judged 0 tasks; already judged 0; failed 0");
        assertThat(api.requestLines()).containsExactly("GET /api/tasks?agent=pixel&limit=1000&status=failed");
    }

    @Test
    void tasksOfThisVersion_areSkipped_unlessRejudged() {
        tasks(task(FIRST, "failed", "false"));
        api.on("GET /api/tasks/ID/verdicts", Response.json(200, verdicts("judge", "1", "success")));

        assertThat(evaluate(PASS, "--evaluator", "judge").out().strip())
                .isEqualTo("judged 0 tasks; already judged 1; failed 0");
        assertThat(stored()).isEmpty();
        assertThat(evaluate(PASS, "--evaluator", "judge", "--rejudge").out()).contains("judged 1 task: 1 pass");
        assertThat(stored()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"other,1,success", "judge,2,success", "judge,1,efficiency"})
    void otherVerdicts_doNotSkipATask(String evaluator, String version, String name) {
        tasks(task(FIRST, "failed", "false"));
        api.on("GET /api/tasks/ID/verdicts", Response.json(200, verdicts(evaluator, version, name)));

        assertThat(evaluate(PASS, "--evaluator", "judge").out()).contains("judged 1 task: 1 pass; already judged 0");
    }

    private static String verdicts(String evaluator, String version, String name) {
        return "{\"verdicts\":[{\"name\":\"" + name + "\",\"evaluator\":\"" + evaluator + "\",\"evaluator_version\":\""
                + version + "\"}],\"next_cursor\":null}";
    }

    /** Runs the command in a process of its own, whose environment the program inherits. */
    @Test
    void program_inheritsTheEnvironment_withoutTheToken() throws Exception {
        tasks(task(FIRST, "succeeded", "true"));
        Path script = Files.writeString(folder.resolve("judge.sh"), """
                printf '{"value":"pass","reason":"%s, token: %s"}' "$STEPTRAIL_API" "${STEPTRAIL_TOKEN-none}"
                """);
        ProcessBuilder command = JavaProcess.of(
                Steptrail.class, "evaluate", "--command", "sh " + script, "--evaluator-version", "1", "--json");
        command.environment().put("STEPTRAIL_API", api.address());
        command.environment().put("STEPTRAIL_TOKEN", "secret");

        Process process = command.redirectErrorStream(true).start();

        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        assertThat(out).contains("\"reason\" : \"" + api.address() + ", token: none\"");
        assertThat(api.requests()).allMatch(request -> "Bearer secret".equals(request.authorization()));
    }

    @Test
    void failure_isOneLine_andTheOthersAreJudged() {
        tasks(task(FIRST, "failed", "false"), task(SECOND, "failed", "false"));
        String judge = "sh -c 'if grep -q " + FIRST + "; then echo \"no model\" >&2; exit 3; fi; "
                + "echo {\\\"value\\\":\\\"fail\\\"}'";

        Run run = evaluate(judge);

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err().lines())
                .containsExactly("steptrail: " + FIRST + ": the program exited with code 3: no model");
        assertThat(run.out()).contains("judged 1 task: 1 fail; already judged 0; failed 1");
        assertThat(stored()).hasSize(1);
    }

    @Test
    void deletedTask_isOneLine() {
        tasks(task(FIRST, "failed", "false"), task(SECOND, "failed", "false"));
        api.on(
                "GET /api/tasks/" + FIRST + "/verdicts",
                Response.problem(404, "not-found", "The task or step does not exist, or it belongs to another owner."));

        Run run = evaluate(PASS);

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err().lines()).containsExactly("steptrail: " + FIRST + ": the task no longer exists");
        assertThat(run.out()).contains("judged 1 task");
    }

    @Test
    void unreachableApi_endsTheEvaluation_withASummaryOfWhatWasJudged() {
        tasks(task(FIRST, "failed", "false"), task(SECOND, "failed", "false"));
        api.on("GET /api/tasks/" + SECOND + "/verdicts", new Response(401, Map.of(), "{}".getBytes(UTF_8)));

        Run run = evaluate(PASS);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .startsWith("steptrail: STEPTRAIL_TOKEN was rejected and may have expired");
        assertThat(run.out()).contains("judged 1 task");
    }

    @Test
    void limit_countsJudgedTasks() {
        tasks(task(FIRST, "failed", "false"), task(SECOND, "failed", "false"), task(SECOND, "failed", "false"));
        api.on("GET /api/tasks/" + FIRST + "/verdicts", Response.json(200, verdicts("sh", "1", "success")));

        assertThat(evaluate(PASS, "--limit", "1").out()).contains("judged 1 task: 1 pass; already judged 1; failed 0");
    }

    @Test
    void dryRun_storesNothing() {
        tasks(task(FIRST, "failed", "false"));

        Run run = evaluate(PASS, "--dry-run");

        assertThat(run.out()).contains("pass     " + FIRST, "judged 1 task: 1 pass (not stored)");
        assertThat(stored()).isEmpty();
    }

    @Test
    void score_isStoredForAnotherName() {
        tasks(task(FIRST, "failed", "false"));

        Run run = evaluate("echo '{\"value\":0.5}'", "--name", "efficiency");

        assertThat(run.out())
                .contains("0.5      " + FIRST + "  -", "judged 1 task: 1 score")
                .doesNotContain("claim");
        assertThat(stored()).singleElement().asString().contains("\"name\":\"efficiency\",\"value\":0.5");
    }

    @Test
    void program_readsTaskStepsAndPictures_whichAreDeletedAfterwards() throws Exception {
        tasks(task(FIRST, "succeeded", "true"));
        store.on("GET /picture", Response.bytes("webp".getBytes(UTF_8)));
        String screenshot = "{\"step_number\":1,\"screenshot_index\":0,\"role\":\"before\",\"format\":\"webp\","
                + "\"file_size\":4,\"file_hash\":\"" + Sha256.hex("webp".getBytes(UTF_8)) + "\"";
        api.on(
                "GET /api/tasks/ID/steps",
                Response.json(
                        200,
                        "{\"steps\":[{\"step_number\":1,\"screenshots\":[" + screenshot
                                + "}]}],\"next_cursor\":\"n\"}"),
                Response.json(200, "{\"steps\":[{\"step_number\":2,\"screenshots\":[]}],\"next_cursor\":null}"));
        api.on(
                "GET /api/tasks/ID/screenshots",
                Response.json(
                        200,
                        "{\"screenshots\":[" + screenshot + ",\"url\":\"" + store.address()
                                + "/picture?secret\"}],\"next_cursor\":null}"));
        Path copy = folder.resolve("copy");
        Path picture = folder.resolve("picture");
        String judge = "sh -c 'cat > " + copy + "; cp \"$(grep -o \"/[^\\\"]*webp\" " + copy + " | head -n 1)\" "
                + picture + "; echo {\\\"value\\\":\\\"pass\\\"}'";

        Run run = evaluate(judge);

        assertThat(run.err()).isEmpty();
        String input = Files.readString(copy);
        assertThat(input)
                .startsWith("{\"task\":{\"task_id\":\"" + FIRST)
                .contains("\"steps\":[{\"step_number\":1,", "{\"step_number\":2,")
                .doesNotContain("secret");
        assertThat(Files.readString(picture)).isEqualTo("webp");
        Path path = Path.of(input.replaceAll("(?s).*\"path\":\"([^\"]+)\".*", "$1"));
        assertThat(path).hasFileName("0001-before.webp");
        assertThat(path.getParent().getParent()).doesNotExist();
    }

    @Test
    void missingPicture_isOneLine_andCanBeLeftOut() {
        tasks(task(FIRST, "succeeded", "true"));
        api.on(
                "GET /api/tasks/ID/screenshots",
                Response.json(
                        200,
                        "{\"screenshots\":[{\"step_number\":1,\"role\":\"before\",\"url\":\"" + store.address()
                                + "/gone\"}],\"next_cursor\":null}"));
        store.on("GET /gone", new Response(404, Map.of(), new byte[0]));

        assertThat(evaluate(PASS).err().strip())
                .isEqualTo("steptrail: " + FIRST + ": screenshot 0001-before.webp: the file is no longer stored;"
                        + " --no-screenshots judges without pictures");
        assertThat(evaluate(PASS, "--no-screenshots").err()).isEmpty();
    }

    @Test
    void tooManyBytesOfPictures_areNotDownloaded() {
        tasks(task(FIRST, "succeeded", "true"));
        api.on(
                "GET /api/tasks/ID/screenshots",
                Response.json(
                        200,
                        "{\"screenshots\":[{\"step_number\":1,\"file_size\":536870913,\"url\":\"" + store.address()
                                + "/large\"}],\"next_cursor\":null}"));

        assertThat(evaluate(PASS).err().strip())
                .isEqualTo("steptrail: " + FIRST + ": the screenshots have more than 536870912 bytes;"
                        + " --no-screenshots judges without pictures");
        assertThat(store.requests()).isEmpty();
    }

    @Test
    void rules_judge_withTheirOwnVersion() {
        tasks(task(FIRST, "succeeded", "true"));

        Run run = api.run("evaluate", "--expect-message", "done", "--max-steps", "2", "--json");

        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains(
                        "\"evaluator\" : \"rules\"",
                        "\"fail\" : 1",
                        "\"disagreements\" : 1",
                        "\"reason\" : \"max-steps: the task has 3 steps (expected at most 2)\"");
        api.run("evaluate", "--expect-message", "done", "--max-steps", "3");
        assertThat(stored()).doesNotHaveDuplicates().hasSize(2).allMatch(body -> body.contains("\"rules\""));
    }

    @ParameterizedTest
    @CsvSource({
        "sh FOLDER/good.sh, good.sh",
        "sh -e FOLDER/other.sh --strict, other.sh",
        "/usr/bin/env sh FOLDER/good.sh FOLDER/other.sh, good.sh",
        "echo {}, echo"
    })
    void scripts_haveTheirOwnNames(String command, String name) throws Exception {
        for (String script : List.of("good.sh", "other.sh")) {
            Files.writeString(folder.resolve(script), "cat >/dev/null; echo '{\"value\":\"pass\"}'");
        }
        tasks(task(FIRST, "succeeded", "true"));

        Run run = api.run(
                "evaluate",
                "--command",
                command.replace("FOLDER", folder.toString()),
                "--evaluator-version",
                "1",
                "--dry-run",
                "--json");

        assertThat(run.out()).contains("\"evaluator\" : \"" + name + "\"");
    }

    @Test
    void commandOfAnInterpreter_requiresAName() {
        Run run = api.run("evaluate", "--command", PASS, "--evaluator-version", "1");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("add --evaluator NAME, because no argument of sh is the file of a program; see");
        assertThat(api.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--agent x                              | missing evaluator (expected --command, or at least one rule such as --expect-message)",
                "--command sh                           | --command requires --evaluator-version; change it whenever the program changes, so that it judges the tasks again",
                "--command sh --max-steps 3             | --command and rules are different evaluators; run one command for each",
                "--max-steps 3 --evaluator-version 1    | --evaluator-version is not allowed with rules, whose version is computed from them",
                "--command no-judge --evaluator-version 1 | --command 'no-judge': no-judge is not an executable file (check the path, and run chmod +x)",
                "--command sh --evaluator-version 1     | --command 'sh': add --evaluator NAME, because no argument of sh is the file of a program",
                "--command 'x --evaluator-version 1     | --command ''x': the quote ' is not closed",
                "--max-steps -1                         | --max-steps must be at least 0, but is -1",
                "--max-distance 3                       | --max-distance requires --expect-screen",
                "--expect-screen x --max-distance 65    | --max-distance must be 0 to 64, but is 65",
                "--max-steps 3 --limit 0                | --limit must be at least 1, but is 0",
                "--max-steps 3 --timeout 0              | --timeout must be 1 to 86400, but is 0",
                "--max-steps 3 --parallel 33            | --parallel must be 1 to 32, but is 33",
                "--max-steps 3 --no-screenshots         | --no-screenshots requires --command; rules download no screenshots"
            })
    void wrongUsage_isReported_withoutARequest(String arguments, String problem) {
        Run run = api.run(Stream.concat(Stream.of("evaluate"), Stream.of(arguments.split(" ")))
                .toArray(String[]::new));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().strip()).isEqualTo("steptrail: " + problem + "; see steptrail evaluate --help");
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void emptyOrLongNames_areReported() {
        assertThat(api.run("evaluate", "--expect-app", " ").err()).contains("--expect-app is empty");
        assertThat(api.run("evaluate", "--max-steps", "3", "--name", "x".repeat(101))
                        .err())
                .contains("--name must be 1 to 100 characters, without control characters");
    }

    @Test
    void unreadablePicture_isReported() throws Exception {
        Path text = Files.writeString(folder.resolve("picture.webp"), "no picture");

        Run broken = api.run("evaluate", "--expect-screen", text.toString());
        assertThat(broken.exitCode()).isEqualTo(2);
        assertThat(broken.err())
                .startsWith("steptrail: --expect-screen: " + text + " is not a valid WebP, PNG or JPEG picture;");
        Run missing =
                api.run("evaluate", "--expect-screen", folder.resolve("no").toString());
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.err())
                .startsWith("steptrail: --expect-screen: " + folder.resolve("no") + " does not exist;");
        assertThat(api.requests()).isEmpty();
    }
}
