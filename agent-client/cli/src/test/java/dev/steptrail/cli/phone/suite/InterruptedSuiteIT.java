package dev.steptrail.cli.phone.suite;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.steptrail.cli.Steptrail;
import dev.steptrail.cli.SteptrailTestBase.Run;
import dev.steptrail.cli.phone.PhoneLab;
import dev.steptrail.demophone.DemoReply;
import dev.steptrail.demophone.DemoScript;
import dev.steptrail.shipper.fixture.JavaProcess;
import dev.steptrail.stepformat.Interrupts;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.Verdict;
import dev.steptrail.stepformat.VerdictValue;
import dev.steptrail.stepformat.VerdictValue.Label;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** A suite on two phones that is killed at random moments, and continued by the same command. */
@Tag("slow")
class InterruptedSuiteIT {
    private static final int CASES = 10;
    private static final int REPEATS = 3;
    private static final int INTERRUPTIONS = 3;

    /** The maximum number of tasks that end before an interruption, so that tasks remain for the last run. */
    private static final int MAX_TASKS = 4;

    /** About the time of a task. */
    private static final int MAX_MILLIS = 800;

    @TempDir
    private Path folder;

    /** Case 7 finishes with the wrong message, case 8 needs a person, and the others do what is expected. */
    private static DemoReply reply(JsonNode request) {
        String text = request.path("messages").path(1).toString();
        if (text.contains("task 8.")) {
            return DemoReply.text("do(action=\"Take_over\", message=\"Sign in\")");
        }
        return DemoScript.repliesIn(request) < 4
                ? DemoReply.text("I tap.\ndo(action=\"Tap\", element=[500,309])")
                : DemoReply.text("finish(message=\"" + (text.contains("task 7.") ? "no" : "yes") + "\")");
    }

    @Test
    void interruptedSuite_endsEachTaskOnce() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (PhoneLab lab = new PhoneLab(folder, 2, InterruptedSuiteIT::reply)) {
            Path suite = folder.resolve("suite.yaml");
            Files.writeString(suite, suite());
            Path junit = folder.resolve("junit.xml");
            List<String> signals = new ArrayList<>();
            for (int i = 0; i < INTERRUPTIONS; i++) {
                // SIGTERM stops the suite like SIGINT, which is ignored in programs that run in the background.
                String signal = i % 2 == 0 ? "KILL" : "TERM";
                Process process = start(lab, suite, i);
                try {
                    awaitEndedTasks(process, i, 1 + random.nextInt(MAX_TASKS));
                    Thread.sleep(random.nextInt(MAX_MILLIS));
                    assertThat(process.isAlive()).as(output(i)).isTrue();
                    Interrupts.send(signal, process);
                    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
                } finally {
                    process.destroyForcibly();
                }
                signals.add(signal + " " + process.exitValue());
                if (signal.equals("TERM")) {
                    assertThat(output(i))
                            .as("the results, and that the recording is closed")
                            .containsPattern("tasks (was|were) not run")
                            .endsWith("; not delivered: run steptrail ship\n");
                }
            }

            Run run = lab.run(
                    "run",
                    "--suite",
                    suite.toString(),
                    "--wait-after-action",
                    "50",
                    "--junit",
                    junit.toString(),
                    "--json");

            String description = "seed " + seed + ", " + signals + run.err();
            assertThat(run.exitCode()).as(description).isEqualTo(8);
            checkTasks(lab, new ObjectMapper().readTree(run.out()), description);
            checkJunit(junit);
            Run again = lab.run("run", "--suite", suite.toString(), "--wait-after-action", "50");
            assertThat(again.out()).contains("30 of 30 tasks of nightly have ended before");
            assertThat(lab.run("run", "--suite", suite.toString(), "--wait-after-action", "51")
                            .exitCode())
                    .as("another setting")
                    .isEqualTo(2);
        }
    }

    private static String suite() {
        StringBuilder yaml = new StringBuilder("experiment: nightly\nrepeats: " + REPEATS + "\ncases:\n");
        for (int i = 1; i <= CASES; i++) {
            yaml.append("  - {id: case-%d, instruction: Do task %d., expect: {message: 'yes', max_steps: 5}}%n"
                    .formatted(i, i));
        }
        return yaml.toString();
    }

    private Process start(PhoneLab lab, Path suite, int number) throws Exception {
        ProcessBuilder builder = JavaProcess.of(
                        Steptrail.class, "run", "--suite", suite.toString(), "--wait-after-action", "50")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("run-" + number + ".txt").toFile());
        builder.environment().putAll(lab.environment());
        return builder.start();
    }

    private void awaitEndedTasks(Process process, int number, int count) throws Exception {
        while (output(number).lines().filter(line -> line.startsWith("[")).count() < count) {
            assertThat(process.isAlive()).as(output(number)).isTrue();
            Thread.sleep(5);
        }
    }

    private String output(int number) throws Exception {
        return Files.readString(folder.resolve("run-" + number + ".txt"));
    }

    /** Each repeat of each case has one task that ended; all others have the verdict that they were interrupted. */
    private static void checkTasks(PhoneLab lab, JsonNode results, String description) throws Exception {
        Map<UUID, TaskStarted> started = new HashMap<>();
        Map<UUID, TaskEnded> ended = new HashMap<>();
        Map<UUID, VerdictValue> verdicts = new HashMap<>();
        for (StepRecord record : lab.records()) {
            if (record instanceof TaskStarted start) {
                started.put(start.taskId(), start);
            } else if (record instanceof TaskEnded end && end.status() != TaskStatus.CANCELLED) {
                ended.put(end.taskId(), end);
            } else if (record instanceof Verdict verdict) {
                verdicts.put(verdict.taskId(), verdict.value());
            }
        }
        Map<String, UUID> counted = new TreeMap<>();
        started.forEach((id, task) -> {
            assertThat(task.experimentCase().experiment()).isEqualTo("nightly");
            String key =
                    task.experimentCase().caseId() + " " + task.experimentCase().repeat();
            VerdictValue verdict = verdicts.get(id);
            if (verdict == Label.UNCLEAR) {
                assertThat(ended).as(description).doesNotContainKey(id);
            } else {
                assertThat(counted.put(key, id)).as(description + key).isNull();
                assertThat(ended).as(description + key).containsKey(id);
                boolean passes = !key.startsWith("case-7 ") && !key.startsWith("case-8 ");
                assertThat(verdict).as(description + key).isEqualTo(passes ? Label.PASS : Label.FAIL);
            }
        });
        assertThat(counted).as(description).hasSize(CASES * REPEATS);
        assertThat(results.path("tasks").valueStream().map(task -> task.path("task_id")
                        .asText()))
                .containsExactlyInAnyOrderElementsOf(
                        counted.values().stream().map(UUID::toString).toList());
        assertThat(List.of(
                        results.path("pass").asInt(),
                        results.path("fail").asInt(),
                        results.path("unclear").asInt(),
                        results.path("not_run").asInt()))
                .containsExactly(24, 6, 0, 0);
        assertThat(results.path("tasks")
                        .valueStream()
                        .map(task -> task.path("device").asText())
                        .distinct())
                .as("both phones are used")
                .hasSize(2);
    }

    private static void checkJunit(Path file) throws Exception {
        Document xml = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
        Element suite = xml.getDocumentElement();
        assertThat(Stream.of("name", "tests", "failures", "errors", "skipped").map(suite::getAttribute))
                .containsExactly("nightly", "30", "6", "0", "0");
        assertThat(xml.getElementsByTagName("failure").getLength()).isEqualTo(6);
    }
}
