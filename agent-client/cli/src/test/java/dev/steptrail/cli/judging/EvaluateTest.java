package dev.steptrail.cli.judging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.cli.ScriptedApi.Response;
import dev.steptrail.cli.ScriptedApi.Run;
import dev.steptrail.cli.Steptrail;
import dev.steptrail.shipper.fixture.JavaProcess;
import dev.steptrail.stepformat.Interrupts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tasks that {@code steptrail evaluate} judges, and the verdicts that it stores. */
@EnabledOnOs(OS.LINUX)
class EvaluateTest extends EvaluateTestBase {
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

    /** Runs the command in a separate process, whose environment the program inherits. */
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

    /** Runs the command in a separate process, without root's right to delete any file. */
    @Test
    void filesThatCannotBeDeleted_areAWarning_andTheOthersAreJudged() throws Exception {
        tasks(task(FIRST, "succeeded", "true"), task(SECOND, "succeeded", "true"));
        Path script = Files.writeString(folder.resolve("judge.sh"), """
                locked=$(dirname "$(readlink /proc/self/fd/0)")/locked
                if grep -q %s; then mkdir "$locked"; touch "$locked/file"; chmod 000 "$locked"; fi
                echo '{"value":"pass"}'
                """.formatted(FIRST));
        ProcessBuilder command = JavaProcess.of(
                List.of("-Djava.io.tmpdir=" + folder),
                Steptrail.class,
                "evaluate",
                "--command",
                "sh " + script,
                "--evaluator-version",
                "1",
                "--parallel",
                "1");
        if (Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
            command.command().addAll(0, List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search"));
        }
        command.environment().put("STEPTRAIL_API", api.address());
        command.environment().put("STEPTRAIL_TOKEN", "secret");

        Process process = command.redirectErrorStream(true).start();

        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        assertThat(out)
                .containsPattern(FIRST + ": warning: cannot delete temporary files: .*AccessDenied.*/locked")
                .containsPattern("warning: temporary files remain: .*/locked")
                .contains("pass     " + SECOND, "judged 2 tasks: 2 pass");
        assertThat(stored()).hasSize(2);
        try (Stream<Path> remaining = Files.walk(folder)) {
            assertThat(remaining).noneMatch(path -> path.endsWith("input.json"));
        }
    }

    @Test
    void interruption_endsThePrograms_andLeavesNothingBehind() throws Exception {
        tasks(task(FIRST, "succeeded", "true"), task(SECOND, "succeeded", "true"));
        Path pids = folder.resolve("pids");
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        Path script = Files.writeString(folder.resolve("judge.sh"), "echo $$ >>" + pids + "; sleep 600; echo x");
        ProcessBuilder command = JavaProcess.of(
                List.of("-Djava.io.tmpdir=" + temporary),
                Steptrail.class,
                "evaluate",
                "--command",
                "sh " + script,
                "--evaluator-version",
                "1");
        command.command().addAll(0, Interrupts.RESTORED);
        command.environment().put("STEPTRAIL_API", api.address());
        command.environment().put("STEPTRAIL_TOKEN", "secret");
        Process process = command.redirectErrorStream(true).start();
        while (!Files.exists(pids) || Files.readAllLines(pids).size() < 2) {
            assertThat(process.isAlive()).isTrue();
            Thread.sleep(20);
        }

        Interrupts.send("INT", process);

        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(out).isEqualTo(130);
        assertThat(out).doesNotContain("steptrail: ");
        for (String pid : Files.readAllLines(pids)) {
            ProcessHandle.of(Long.parseLong(pid))
                    .ifPresent(program ->
                            program.onExit().orTimeout(10, TimeUnit.SECONDS).join());
        }
        assertThat(temporary.toFile().list()).noneMatch(name -> name.startsWith("steptrail-evaluate"));
        assertThat(stored()).isEmpty();
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

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT"}) // before it is judged, or meanwhile
    void deletedTask_isOneLine(String method) {
        tasks(task(FIRST, "failed", "false"), task(SECOND, "failed", "false"));
        api.on(
                method + " /api/tasks/" + FIRST + "/verdicts",
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
}
