package dev.steptrail.cli.phone.suite;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.steptrail.cli.Steptrail;
import dev.steptrail.cli.SteptrailTestBase.Run;
import dev.steptrail.cli.phone.PhoneLabTestBase;
import dev.steptrail.demophone.DemoReply;
import dev.steptrail.demophone.DemoScript;
import dev.steptrail.phone.adb.AdbDevices;
import dev.steptrail.phone.adb.AdbSettings;
import dev.steptrail.phone.device.Device;
import dev.steptrail.shipper.fixture.JavaProcess;
import dev.steptrail.stepformat.Interrupts;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.stepformat.VerdictValue.Label;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Suites with the real adb, two simulated phones and a scripted model. */
@Tag("slow")
class SuiteIT extends PhoneLabTestBase {
    SuiteIT() {
        super(2);
    }

    private Run run(String suite, String... options) throws Exception {
        Path file = Files.writeString(folder.resolve("suite.yaml"), suite);
        List<String> arguments = new ArrayList<>(List.of("run", "--suite", file.toString(), "--json"));
        arguments.addAll(List.of(options));
        if (!arguments.contains("--wait-after-action")) {
            arguments.addAll(List.of("--wait-after-action", "0"));
        }
        return lab.run(arguments.toArray(String[]::new));
    }

    private static JsonNode json(Run run) throws Exception {
        return new ObjectMapper().readTree(run.out());
    }

    @Test
    void eachDevice_resultsContainThePhoneThatIsNoLongerUsed() throws Exception {
        String suite = """
                experiment: absent
                devices: each
                repeats: 2
                attributes: {build: 7}
                cases: [{id: a, instruction: Do it}]
                """;
        assertThat(run(suite).exitCode()).isZero();
        assertThat(lab.records(TaskStarted.class)).hasSize(4).allSatisfy(task -> assertThat(
                        task.experimentCase().attributes())
                .isEqualTo(Map.of("build", 7)));
        assertThat(lab.records(Verdict.class)).isEmpty();
        String[] onePhone = {"--device", lab.phone(0).address()};

        Run run = run(suite, onePhone);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(json(run).path("pass").asInt()).isEqualTo(4);
        assertThat(run.err())
                .contains(
                        "warning: " + lab.phone(1).address()
                                + " is not used (not ready, or not named by --device): 2 of its 2 tasks ended before",
                        "4 of 4 tasks of absent have ended before");
        Run more = run(suite.replace("repeats: 2", "repeats: 3"), onePhone);
        assertThat(more.exitCode())
                .as("a repeat on the other phone was not run")
                .isEqualTo(8);
        assertThat(json(more).path("not_run").asInt()).isEqualTo(1);
        assertThat(lab.records(TaskStarted.class)).hasSize(5);
    }

    @Test
    void phonesThatAreNotReady_areSkipped_butRefusedIfTheUserChoseThem() throws Exception {
        String suite = """
                experiment: %s
                devices: each
                cases: [{id: a, instruction: Do it}]
                """;
        String first = lab.phone(0).address();
        String second = lab.phone(1).address();
        Run used;
        try (Device ignored = new AdbDevices(AdbSettings.fromEnvironment(lab.environment())).open(first)) {
            used = run(suite.formatted("used"));
        }
        assertThat(used.exitCode()).as(used.err()).isZero();
        assertThat(used.err())
                .contains("steptrail: skipped " + first + ": the phone is already in use by this process");
        assertThat(json(used).path("tasks")).hasSize(1);

        lab.phone(1).setLocked(true);
        Run locked = run(suite.formatted("locked"));
        assertThat(locked.exitCode()).as(locked.err()).isZero();
        assertThat(locked.err()).contains("steptrail: skipped " + second + ": locked: unlock it");
        assertThat(json(locked).at("/tasks/0/device").asText()).isEqualTo(first);

        Run chosen = run(suite.formatted("chosen"), "--device", first, "--device", second);
        assertThat(chosen.exitCode()).isEqualTo(6);
        assertThat(chosen.err()).startsWith("steptrail: " + second + ": locked: unlock it");

        lab.phone(0).setLocked(true);
        Run none = run(suite.formatted("none"));
        assertThat(none.exitCode()).isEqualTo(6);
        assertThat(none.err()).endsWith("steptrail: no attached phone is ready" + System.lineSeparator());
        assertThat(lab.records(TaskStarted.class)).hasSize(2);
    }

    @Test
    void programAndScreenRule_judgeWithTheScreenshots() throws Exception {
        Path judge = Files.writeString(folder.resolve("judge.sh"), """
                input=$(cat)
                count=0
                for path in $(echo "$input" | grep -o '"path":"[^"]*"' | cut -d '"' -f 4); do
                  [ -s "$path" ] && count=$((count + 1))
                done
                hashes=$(echo "$input" | grep -o '"perceptual_hash":"[0-9a-f]\\{16\\}"' | wc -l)
                echo "{\\"value\\":\\"fail\\",\\"reason\\":\\"$count pictures, $hashes hashes\\"}"
                """);
        String picture = folder.resolve("home.png").toString();
        assertThat(lab.run("screenshot", picture, "--device", lab.phone(0).address())
                        .exitCode())
                .isZero();

        Run run = run("""
                experiment: judged
                cases:
                  - {id: a, instruction: Do it, evaluator: {command: sh %s, name: counter, version: 1}}
                  - {id: b, instruction: Do it, expect: {screen: home.png}}
                """.formatted(judge));

        assertThat(run.exitCode()).as(run.err()).isEqualTo(8);
        assertThat(json(run).at("/tasks/0/reason").asText())
                .as("before and after the tap, and before the end")
                .isEqualTo("3 pictures, 3 hashes");
        assertThat(json(run).at("/tasks/1/reason").asText()).contains(" of 64 bits");
        assertThat(lab.records(Verdict.class))
                .extracting(Verdict::evaluator)
                .containsExactlyInAnyOrder("counter", "rules");
    }

    @Test
    void failingModel_isUnclear_andCanBeRetried() throws Exception {
        String suite = """
                experiment: errors
                repeats: 2
                cases: [{id: a, instruction: Do it, expect: {message: done}}]
                """;
        script = request -> DemoReply.error(401);
        Run failed = run(suite, "--junit", folder.resolve("junit.xml").toString());

        assertThat(failed.exitCode()).isEqualTo(8);
        assertThat(json(failed).path("unclear").asInt()).isEqualTo(2);
        assertThat(lab.records(Verdict.class)).hasSize(2).allMatch(verdict -> verdict.value() == Label.UNCLEAR);
        assertThat(folder.resolve("junit.xml"))
                .content()
                .contains("errors=\"2\"")
                .contains("model_error");

        assertThat(lab.run("run", "--suite", folder.resolve("suite.yaml").toString(), "--wait-after-action", "0")
                        .out())
                .as("a run that runs nothing")
                .contains("2 of 2 tasks were ended by the phone or the model's server (run again by --retry-errors):\n"
                        + "  2 tasks: ")
                .doesNotContain("recorded in");

        script = DemoScript.perConversation(List.of(TAP, FINISH));
        assertThat(run(suite).exitCode()).as("ended tasks are not run again").isEqualTo(8);
        assertThat(lab.records(TaskStarted.class)).hasSize(2);
        Run retried = run(suite, "--retry-errors");
        assertThat(retried.exitCode()).as(retried.err()).isZero();
        assertThat(lab.records(TaskStarted.class)).hasSize(4);
        assertThat(json(run(suite)).path("pass").asInt()).isEqualTo(2);
    }

    /** A limit of the cost without the price could not be checked, and would be ignored. */
    @Test
    void unusableSuite_isWrongUsage() throws Exception {
        assertThat(run("cases: [{id: a, instruction: Do it}]", "--experiment", "changed")
                        .exitCode())
                .isZero();
        assertWrongUsage(
                run("cases: [{id: a, instruction: Do that}]", "--experiment", "changed"),
                "the case 'a', its evaluator or its limits were changed after it was run in the experiment");
        assertWrongUsage(
                run("experiment: e\nmax_cost: 1\ncases: [{id: a, instruction: Do it}]"),
                "max_cost in " + folder.resolve("suite.yaml") + " requires --price");
        assertWrongUsage(run("cases: [{id: a, instruction: Do it}]"), "--experiment is required");
    }

    private static void assertWrongUsage(Run run, String problem) {
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(problem);
    }

    /** SIGTERM stops a suite like SIGINT, which is ignored in programs that run in the background. */
    @Test
    void killedOrStoppedSuite_continues_andEndsEachTaskOnce() throws Exception {
        String suite = """
                experiment: interrupted
                repeats: 3
                cases:
                  - {id: a, instruction: Do it, expect: {message: It is done.}}
                  - {id: b, instruction: Do it, expect: {message: It is done.}}
                  - {id: c, instruction: Do it, expect: {message: It is done.}}
                  - {id: d, instruction: Do it, expect: {message: It is done.}}
                """;
        Path file = Files.writeString(folder.resolve("suite.yaml"), suite);
        script = DemoScript.perConversation(List.of(TAP, TAP, TAP, FINISH));
        for (String signal : List.of("KILL", "TERM")) {
            Path out = Files.createFile(folder.resolve(signal));
            ProcessBuilder builder = JavaProcess.of(
                            Steptrail.class, "run", "--suite", file.toString(), "--wait-after-action", "50")
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile());
            builder.environment().putAll(lab.environment());
            int requests = lab.model().requests().size();
            Process process = builder.start();
            try {
                // Each task has four requests, so that two tasks have ended or are ending, and another one is running.
                while (lab.model().requests().size() < requests + 10) {
                    assertThat(process.isAlive()).as(Files.readString(out)).isTrue();
                    Thread.sleep(5);
                }
                Interrupts.send(signal, process);
                assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            } finally {
                process.destroyForcibly();
            }
        }
        assertThat(folder.resolve("TERM"))
                .content()
                .as("the results, and that the recording is closed")
                .containsPattern("tasks (was|were) not run")
                .endsWith("; not delivered: run steptrail ship\n");

        Run run = run(suite, "--wait-after-action", "50");

        assertThat(run.exitCode()).as(run.err()).isZero();
        List<UUID> interrupted = lab.records(Verdict.class).stream()
                .filter(verdict -> verdict.value() == Label.UNCLEAR)
                .map(Verdict::taskId)
                .toList();
        List<TaskStarted> counted = lab.records(TaskStarted.class).stream()
                .filter(task -> !interrupted.contains(task.taskId()))
                .toList();
        assertThat(interrupted).hasSizeGreaterThanOrEqualTo(2);
        assertThat(counted)
                .extracting(TaskStarted::experimentCase)
                .doesNotHaveDuplicates()
                .hasSize(12);
        assertThat(counted)
                .extracting(TaskStarted::taskId)
                .isSubsetOf(lab.records(TaskEnded.class).stream()
                        .filter(end -> end.status() == TaskStatus.SUCCEEDED)
                        .map(TaskEnded::taskId)
                        .toList());
        assertThat(json(run).path("tasks").findValuesAsText("task_id"))
                .containsExactlyInAnyOrderElementsOf(
                        counted.stream().map(task -> task.taskId().toString()).toList());
    }
}
