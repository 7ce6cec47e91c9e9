package dev.steptrail.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.MemoryFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
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

    private Path data;
    private CloudProcess cloud;
    private Terminal demo;
    private final Map<String, String> ids = new LinkedHashMap<>();

    @BeforeAll
    void record() throws Exception {
        data = MemoryFolder.create();
        cloud = CloudProcess.start(data, "--demo");
        demo = Terminal.of(cloud, cloud.api().token());
        Imports.into(cloud, Recording.SAMPLES).tasks().forEach((recording, id) -> ids.put(recording.toString(), id));
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
}
