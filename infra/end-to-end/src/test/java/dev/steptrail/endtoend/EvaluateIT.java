package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code steptrail evaluate} judges copies of the samples, because verdicts change what other tests compare. */
@Order(8)
class EvaluateIT {
    private static final String TEXT = "To be judged: ";
    private static final Path JUDGE = Program.ROOT.resolve("agent-client/cli/examples/judge.py");

    @TempDir
    private static Path copies;

    private static Imports imports;

    private final CloudProcess cloud = CloudProcess.shared();
    private final Terminal owner = Terminal.of(cloud, cloud.api().token());

    @BeforeAll
    static void importCopies() throws Exception {
        imports = Imports.into(CloudProcess.shared(), Imports.changedSamples(copies, TEXT));
    }

    @Test
    void rules_judgeEachTaskOnce() throws Exception {
        Object[] rules = {"evaluate", "--text", TEXT, "--max-steps", "20", "--no-failed-step-after-success", "--json"};

        JsonNode result = owner.json(rules);

        Map<String, String> expected = Map.of(
                "flower-photo-loop.json", "fail",
                "flight-launch-failed.json", "fail",
                "weather-finished.json", "pass",
                "torch-no-steps.json", "unclear");
        assertThat(values(result)).isEqualTo(expected);
        assertThat(verdict(result, "flower-photo-loop.json").get("reason").textValue())
                .isEqualTo("max-steps: the task has 28 steps (expected at most 20)");
        for (Map.Entry<String, String> judged : expected.entrySet()) {
            JsonNode task = imports.task(imports.taskOf(judged.getKey()));
            assertThat(task.get("verdict").textValue()).as(judged.getKey()).isEqualTo(judged.getValue());
            assertThat(task.get("verdict_source").textValue()).isEqualTo("automatic");
        }
        JsonNode again = owner.json(rules);
        assertThat(again.get("judged").intValue()).isZero();
        assertThat(again.get("already_judged").intValue()).isEqualTo(expected.size());
    }

    @Test
    void exampleOfAPythonJudge_judgesEachTaskOnceForEachVersion() throws Exception {
        Object[] judge = {
            "evaluate", "--text", TEXT, "--command", JUDGE, "--name", "example", "--evaluator-version", "1", "--json"
        };

        JsonNode result = owner.json(judge);

        assertThat(result.get("evaluator").textValue()).isEqualTo("judge.py");
        assertThat(values(result))
                .isEqualTo(Map.of(
                        "flower-photo-loop.json", "fail",
                        "flight-launch-failed.json", "fail",
                        "weather-finished.json", "pass",
                        "torch-no-steps.json", "unclear"));
        assertThat(verdict(result, "weather-finished.json").get("reason").textValue())
                .matches("no loop in 5 steps; the last screenshot has [1-9]\\d{3,} bytes");
        assertThat(verdict(result, "flower-photo-loop.json").get("reason").textValue())
                .contains("repeats the same action for the 5th time");
        assertThat(owner.json(judge).get("already_judged").intValue()).isEqualTo(4);
        judge[8] = "2";
        assertThat(owner.json(judge).get("judged").intValue()).isEqualTo(4);
    }

    /** Returns the values of the verdicts by the names of the recordings. */
    private static Map<String, String> values(JsonNode result) {
        Map<String, String> values = new TreeMap<>();
        for (Recording recording : imports.tasks().keySet()) {
            values.put(
                    recording.toString(),
                    verdict(result, recording.toString()).get("value").textValue());
        }
        return values;
    }

    private static JsonNode verdict(JsonNode result, String recording) {
        return result.get("verdicts")
                .valueStream()
                .filter(verdict -> verdict.get("task_id").textValue().equals(imports.taskOf(recording)))
                .findFirst()
                .orElseThrow();
    }
}
