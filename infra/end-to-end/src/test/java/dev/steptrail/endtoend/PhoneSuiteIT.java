package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A suite on two simulated phones, which ships its tasks itself: the experiment in the API is what it printed. */
class PhoneSuiteIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final CloudProcess cloud = CloudProcess.shared();

    @TempDir
    private Path folder;

    @Test
    void suite_isDelivered_andTheExperimentHasItsResults() throws Exception {
        Path suite = Files.writeString(folder.resolve("suite.yaml"), """
                experiment: phones/1
                attributes: {prompt_version: "8"}
                cases:
                  - id: volume
                    instruction: Turn the volume up
                    expect: {message: 100 %, app: Settings}
                  - id: weather
                    instruction: 查一下上海的天气
                    expect: {message: 北京}
                """);

        Program.Result run = Program.steptrail(
                        cloud.environment(),
                        "run",
                        "--suite",
                        suite,
                        "--demo-phone",
                        "--demo-phone",
                        "--wait-after-action",
                        0,
                        "--outbox",
                        folder.resolve("outbox"),
                        "--record-model-calls",
                        "--json")
                .finish();

        assertThat(run.exitCode()).as(String.join("\n", run.errors())).isEqualTo(8);
        JsonNode results = JSON.readTree(String.join("\n", run.out()));
        assertThat(results.path("pass").asInt()).isOne();
        assertThat(results.path("fail").asInt()).isOne();
        cloud.awaitIngest();
        JsonNode experiment = cloud.api().json("/api/experiments/phones/1");
        assertThat(experiment.at("/results/passes").asInt())
                .as(experiment.toString())
                .isOne();
        assertThat(experiment.at("/results/fails").asInt()).isOne();
        assertThat(experiment.at("/results/running").asInt()).isZero();
        assertThat(experiment.at("/results/disagreements").asInt())
                .as("the agent claims that it succeeded")
                .isOne();
        Map<String, String> verdicts = new TreeMap<>();
        for (JsonNode task : results.path("tasks")) {
            JsonNode stored =
                    cloud.api().json("/api/tasks/" + task.path("task_id").asText());
            assertThat(stored.path("agent").asText()).isEqualTo("steptrail");
            assertThat(stored.at("/attributes/prompt_version").asText()).isEqualTo("8");
            assertThat(stored.path("total_steps").asInt())
                    .isEqualTo(task.path("steps").asInt());
            assertThat(task.path("url").asText())
                    .isEqualTo(cloud.environment().get("STEPTRAIL_API") + "/tasks/"
                            + task.path("task_id").asText());
            verdicts.put(
                    stored.path("case_id").asText() + " "
                            + stored.path("repeat").asInt(),
                    stored.path("verdict").asText());
        }
        assertThat(verdicts).isEqualTo(Map.of("volume 1", "pass", "weather 1", "fail"));
        Object task = results.at("/tasks/0/task_id").asText();
        assertThat(Terminal.of(cloud, cloud.api().token()).does("attachments", task, "--out", folder.resolve("inputs")))
                .singleElement()
                .asString()
                .matches("saved [1-9][0-9]* attachments? to .*");
    }
}
