package dev.steptrail.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.Interrupts;
import dev.steptrail.stepformat.MemoryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code steptrail evaluate} judges the demo, the samples and, if {@code STEPTRAIL_REAL_DATA} names a folder with them,
 * recordings of real runs. It has a separate cloud, because verdicts change what other tests compare.
 */
@Order(8)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EvaluateIT {
    private static final String REAL_DATA = System.getenv().getOrDefault("STEPTRAIL_REAL_DATA", "");
    private static final Path JUDGE = Program.ROOT.resolve("agent-client/cli/examples/judge.py");

    /** Judges a task by its name: each name is a way in which an evaluator can fail. Argument: a duration to sleep. */
    private static final String HOSTILE = """
            import json, os, subprocess, sys, time
            task = json.load(sys.stdin)["task"]["name"]
            verdict = '{"value":"pass","reason":"judged ' + task + '"}'
            if task == "crash":
                raise ValueError("no model")
            elif task == "hang":
                time.sleep(float(sys.argv[1]))
            elif task == "child":
                subprocess.run(["sleep", sys.argv[1]])
            elif task == "orphan":
                subprocess.Popen(["sleep", sys.argv[1]])
            elif task == "silent":
                sys.stderr.write("nothing to say\\n")
            elif task == "text":
                print("I think it passed")
            elif task == "wrong":
                print('{"value":"passed"}')
            elif task == "score":
                print('{"value":0.5}')
            elif task == "large":
                for _ in range(100):
                    sys.stdout.write("x" * 1000000)
            elif task == "exit":
                print(verdict)
                sys.exit(3)
            elif task == "killed":
                os.kill(os.getpid(), 9)
            else:
                print(verdict)
            """;

    private final Path data = createData();
    private CloudProcess cloud;
    private Terminal demo;
    private Imports samples;
    private final Map<String, String> ids = new LinkedHashMap<>();

    private static Path createData() {
        try {
            return MemoryFolder.create();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeAll
    void record() throws Exception {
        cloud = CloudProcess.start(data, "--demo");
        demo = Terminal.of(cloud, cloud.api().token());
        samples = Imports.into(cloud, Recording.SAMPLES);
        samples.tasks().forEach((recording, id) -> ids.put(recording.toString(), id));
        if (!REAL_DATA.isBlank()) {
            Path folder = Path.of(REAL_DATA);
            Imports.into(cloud, folder.resolve("traces"), "--screenshot", folder.resolve("phone-1080x2400.png"))
                    .tasks()
                    .forEach((recording, id) -> ids.put(recording.toString(), id));
        }
        Waiting.until("the demo has ended", () -> {
            JsonNode tasks = cloud.api()
                    .json("/api/tasks?agent=steptrail-demo&status=succeeded")
                    .get("tasks");
            if (!tasks.isEmpty()) {
                ids.put("demo", tasks.get(0).get("task_id").textValue());
            }
            return !tasks.isEmpty();
        });
    }

    @AfterAll
    void stop() {
        cloud.close();
        FileUtils.deleteQuietly(data.toFile());
    }

    @Test
    void rules_judgeAllTasks_onceForEachVersion() throws Exception {
        Map<String, String> expected = new TreeMap<>(Map.of(
                "demo", "pass",
                "flower-photo-loop.json", "fail",
                "flight-launch-failed.json", "fail",
                "weather-finished.json", "pass",
                "torch-no-steps.json", "unclear"));
        if (!REAL_DATA.isBlank()) {
            expected.putAll(Map.of(
                    "camera-27-steps.json", "fail",
                    "weather-launch-failed.json", "fail",
                    "clock-0-steps.json", "unclear",
                    "volume-4-steps.json", "pass"));
        }
        Object[] rules = {"evaluate", "--max-steps", "20", "--no-failed-step-after-success", "--json"};

        JsonNode result = json(demo.does(rules));

        assertThat(values(result)).isEqualTo(expected);
        assertThat(result.get("failed").intValue()).isZero();
        for (Map.Entry<String, String> judged : expected.entrySet()) {
            String id = ids.get(judged.getKey());
            assertThat(verdicts(cloud.api(), id, "rules")).singleElement().satisfies(verdict -> assertThat(
                            verdict.get("value").textValue())
                    .as(judged.getKey())
                    .isEqualTo(judged.getValue()));
            assertThat(cloud.api()
                            .json("/api/tasks/" + id)
                            .get("verdict_source")
                            .textValue())
                    .isEqualTo("automatic");
        }
        assertThat(reason(result, "flower-photo-loop.json"))
                .isEqualTo("max-steps: the task has 28 steps (expected at most 20)");
        assertThat(reason(result, "flight-launch-failed.json"))
                .isEqualTo("no-failed-step-after-success: step 1 failed (App not found: 航班助手), and no step succeeded");

        JsonNode again = json(demo.does(rules));
        assertThat(again.get("judged").intValue()).isZero();
        assertThat(again.get("already_judged").intValue()).isEqualTo(expected.size());

        JsonNode changed = json(demo.does("evaluate", "--max-steps", "30", "--json"));
        assertThat(changed.get("pass").intValue()).isEqualTo(expected.size());
        assertThat(changed.get("evaluator_version")).isNotEqualTo(result.get("evaluator_version"));
    }

    @Test
    void exampleOfAPythonJudge_judgesAllTasks_onceForEachVersion() throws Exception {
        Object[] judge = {"evaluate", "--command", JUDGE, "--evaluator-version", "1", "--json"};

        JsonNode result = json(demo.does(judge));

        assertThat(result.get("evaluator").textValue()).isEqualTo("judge.py");
        assertThat(values(result))
                .containsAllEntriesOf(Map.of(
                        "demo", "pass",
                        "flower-photo-loop.json", "fail",
                        "flight-launch-failed.json", "fail",
                        "weather-finished.json", "pass",
                        "torch-no-steps.json", "unclear"));
        assertThat(values(result).keySet()).isEqualTo(new TreeSet<>(ids.keySet()));
        assertThat(reason(result, "weather-finished.json"))
                .matches("no loop in 5 steps; the last screenshot has [1-9]\\d{3,} bytes");
        assertThat(reason(result, "flower-photo-loop.json")).contains("repeats the same action for the 5th time");

        assertThat(json(demo.does(judge)).get("already_judged").intValue()).isEqualTo(ids.size());
        judge[4] = "2";
        assertThat(json(demo.does(judge)).get("judged").intValue()).isEqualTo(ids.size());
        assertThat(verdicts(cloud.api(), ids.get("demo"), "judge.py"))
                .singleElement()
                .satisfies(verdict ->
                        assertThat(verdict.get("evaluator_version").textValue()).isEqualTo("2"));
    }

    @Test
    void lastScreen_isComparedWithADownloadedOrRecordedPicture(@TempDir Path folder) throws Exception {
        demo.does("screenshots", ids.get("weather-finished.json"), "--out", folder);
        Path recorded = Recording.SAMPLES.resolve("weather-finished/screenshots/step_005.png");

        for (Path picture : List.of(folder.resolve("0005-before.webp"), recorded)) {
            Map<String, String> values =
                    values(json(demo.does("evaluate", "--expect-screen", picture, "--dry-run", "--json")));

            assertThat(values)
                    .containsAllEntriesOf(Map.of(
                            "weather-finished.json", "pass",
                            "demo", "fail",
                            "flower-photo-loop.json", "fail",
                            "torch-no-steps.json", "unclear"));
        }
    }

    @Test
    void eachFailure_costsItsOwnTaskOneLine(@TempDir Path folder) throws Exception {
        Api api = cloud.apiOf("judging", Map.of(), Duration.ofHours(1));
        Map<String, String> failures = new LinkedHashMap<>();
        failures.put("crash", "the program exited with code 1: ValueError: no model");
        failures.put("hang", "the program did not exit within 5 s");
        failures.put("child", "the program did not exit within 5 s");
        failures.put("orphan", "the program printed no verdict");
        failures.put("silent", "the program printed no verdict: nothing to say");
        failures.put("text", "the program printed no JSON object, but 'I think it passed'");
        failures.put(
                "wrong",
                "the program printed a wrong verdict: value: must be pass, fail, unclear or a number, but is \"passed\"");
        failures.put(
                "score",
                "the program printed a wrong verdict: value: must be pass, fail or unclear for the name success, but is"
                        + " 0.5");
        failures.put("large", "the program printed more than 65536 bytes");
        failures.put("exit", "the program exited with code 3");
        failures.put("killed", "the program was ended by signal 9 (exit code 137)");
        List<String> good = List.of("good 1", "good 2", "good 3");
        Map<String, String> tasks = insert("judging", Stream.concat(failures.keySet().stream(), good.stream()));
        Path judge = Files.writeString(folder.resolve("judge with space.py"), HOSTILE);
        String mark = mark();

        Program.Result result = Terminal.of(cloud, api.token())
                .tries(
                        "evaluate",
                        "--command",
                        "python3 '" + judge + "' " + mark,
                        "--evaluator",
                        "hostile",
                        "--evaluator-version",
                        "1",
                        "--timeout",
                        "5",
                        "--parallel",
                        "3");

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.errors())
                .containsExactlyInAnyOrderElementsOf(failures.entrySet().stream()
                        .map(failure -> "steptrail: " + tasks.get(failure.getKey()) + ": " + failure.getValue())
                        .toList());
        assertThat(result.out()).contains("judged 3 tasks: 3 pass; already judged 0; failed 11");
        for (Map.Entry<String, String> task : tasks.entrySet()) {
            assertThat(verdicts(api, task.getValue(), "hostile"))
                    .as(task.getKey())
                    .hasSize(good.contains(task.getKey()) ? 1 : 0);
        }
        Waiting.until("all programs are killed", () -> processesWith(mark).isEmpty());
    }

    @Test
    void taskThatIsDeletedMeanwhile_isOneLine(@TempDir Path folder) throws Exception {
        Api api = cloud.apiOf("deleting", Map.of(), Duration.ofHours(1));
        Map<String, String> tasks = insert("deleting", Stream.of("deleted", "kept"));
        Path judge = Files.writeString(folder.resolve("judge.py"), """
                import json, sys, urllib.request
                task = json.load(sys.stdin)["task"]
                if task["name"] == "deleted":
                    urllib.request.urlopen(urllib.request.Request(
                        sys.argv[1] + "/api/tasks/" + task["task_id"], method="DELETE",
                        headers={"Authorization": "Bearer " + sys.argv[2]}))
                print('{"value":"pass"}')
                """);

        Program.Result result = Terminal.of(cloud, api.token())
                .tries(
                        "evaluate",
                        "--command",
                        "python3 " + judge + " " + api.address() + " " + api.token(),
                        "--evaluator-version",
                        "1");

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.errors())
                .containsExactly("steptrail: " + tasks.get("deleted") + ": the task no longer exists");
        assertThat(result.out()).contains("judged 1 task: 1 pass; already judged 0; failed 1");
    }

    @Test
    void interruption_endsThePrograms_andLeavesNothingBehind(@TempDir Path folder) throws Exception {
        Api api = cloud.apiOf("interrupting", Map.of(), Duration.ofHours(1));
        Map<String, String> tasks = insert("interrupting", Stream.of("a", "b", "c"));
        Map<String, String> environment =
                new TreeMap<>(Terminal.of(cloud, api.token()).environment());
        environment.put("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + folder);
        String mark = mark();
        Program program = Program.interruptible(
                environment,
                "evaluate",
                "--command",
                "sh -c 'sleep " + mark + "; echo x'",
                "--evaluator",
                "sleeper",
                "--evaluator-version",
                "1");
        Waiting.until("two programs run", () -> processesWith(mark).size() == 2);

        Interrupts.send("INT", program.process());
        Program.Result result = program.finish();

        assertThat(result.exitCode()).isEqualTo(130);
        assertThat(result.errors()).noneMatch(line -> line.startsWith("steptrail: "));
        Waiting.until("all programs are killed", () -> processesWith(mark).isEmpty());
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.filter(path -> path.getFileName().toString().startsWith("steptrail-evaluate")))
                    .isEmpty();
        }
        for (String id : tasks.values()) {
            assertThat(api.json("/api/tasks/" + id + "/verdicts").get("verdicts"))
                    .isEmpty();
        }
    }

    /** Stores ended tasks with these names, and returns their ids. */
    private Map<String, String> insert(String owner, Stream<String> names) throws Exception {
        Map<String, String> tasks = new LinkedHashMap<>();
        try (Connection connection = cloud.database();
                PreparedStatement statement = connection.prepareStatement("""
                        INSERT INTO tasks (task_id, owner, name, started_at, ended_at, status)
                        VALUES (gen_random_uuid(), ?, ?, '2026-03-01', '2026-03-01', 'succeeded') RETURNING task_id
                        """)) {
            for (String name : names.toList()) {
                statement.setString(1, owner);
                statement.setString(2, name);
                ResultSet row = statement.executeQuery();
                row.next();
                tasks.put(name, row.getString(1));
            }
        }
        return tasks;
    }

    private static JsonNode json(List<String> lines) throws IOException {
        return ExactJson.read(String.join("\n", lines).getBytes(UTF_8));
    }

    /** Returns the values of the verdicts by the names of the recordings. */
    private Map<String, String> values(JsonNode result) {
        Map<String, String> values = new TreeMap<>();
        ids.forEach((name, id) ->
                values.put(name, verdictOf(result, id).path("value").textValue()));
        return values;
    }

    private String reason(JsonNode result, String name) {
        return verdictOf(result, ids.get(name)).path("reason").textValue();
    }

    private static JsonNode verdictOf(JsonNode result, String id) {
        return result.path("verdicts")
                .valueStream()
                .filter(verdict -> verdict.path("task_id").textValue().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static List<JsonNode> verdicts(Api api, String id, String evaluator) throws Exception {
        List<JsonNode> verdicts = new ArrayList<>();
        for (JsonNode verdict : api.json("/api/tasks/" + id + "/verdicts").get("verdicts")) {
            if (evaluator.equals(verdict.path("evaluator").textValue())) {
                verdicts.add(verdict);
            }
        }
        return verdicts;
    }

    /** Returns a duration in seconds that identifies the processes of a test. */
    private static String mark() {
        return String.valueOf(100_000 + System.nanoTime() % 100_000_000);
    }

    /** Returns the processes of sleep with this duration. */
    private static List<ProcessHandle> processesWith(String mark) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .map(List::of)
                        .orElse(List.of())
                        .equals(List.of(mark)))
                .toList();
    }
}
