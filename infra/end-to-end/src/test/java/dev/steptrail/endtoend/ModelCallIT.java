package dev.steptrail.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.aws.BucketReader;
import dev.steptrail.aws.Settings;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.VerdictValue;
import dev.steptrail.tracker.StepData;
import dev.steptrail.tracker.StepTracker;
import dev.steptrail.tracker.TaskInfo;
import dev.steptrail.tracker.TrackedTask;
import dev.steptrail.tracker.VerdictData;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records, ships and reads back a task of an experiment with tokens, a model call and a later verdict. */
class ModelCallIT {
    private final CloudProcess cloud = CloudProcess.shared();

    @TempDir
    private Path outbox;

    @Test
    void experimentTokensAttachmentAndVerdict_areStored() throws Exception {
        byte[] png = Files.readAllBytes(Recording.SAMPLES.resolve("flight-launch-failed/screenshots/step_001.png"));
        String prompt = "Open the camera. ".repeat(1000);
        UUID id;
        try (StepTracker tracker =
                StepTracker.builder(outbox).recordModelCalls(true).build()) {
            TrackedTask task = tracker.startTask(TaskInfo.of("Open the camera")
                    .inExperiment("nightly", "camera", 3)
                    .withAttributes(Map.of("app_version", "8.1")));
            id = task.id();
            task.record(StepData.action(Map.of("action", "Launch", "app", "Camera"))
                    .usage(1200, 1000, 34)
                    .modelInput(List.of(
                            prompt,
                            "data:image/png;base64," + Base64.getEncoder().encodeToString(png)))
                    .modelOutput("Launch the camera.")
                    .frame(FrameRole.BEFORE, png, false)
                    .succeeded()
                    .build());
            task.succeeded("The camera is open.");
        }
        ship();
        assertThat(cloud.api().json("/api/tasks/" + id).get("success").asBoolean())
                .isTrue();

        try (StepTracker evaluator = StepTracker.builder(outbox).build()) {
            evaluator.judge(
                    id,
                    VerdictData.of("camera-judge", VerdictValue.Label.FAIL)
                            .withEvaluatorVersion("2")
                            .withReason("The gallery is open."));
        }
        ship();

        JsonNode task = cloud.api().json("/api/tasks/" + id);
        assertThat(task.get("experiment").asText()).isEqualTo("nightly");
        assertThat(task.get("case_id").asText()).isEqualTo("camera");
        assertThat(task.get("repeat").asInt()).isEqualTo(3);
        assertThat(task.get("attributes").get("app_version").asText()).isEqualTo("8.1");
        assertThat(task.get("verdict").asText()).isEqualTo("fail");
        assertThat(task.get("success").asBoolean()).isFalse();
        assertThat(task.get("claimed_success").asBoolean()).isTrue();
        assertThat(cloud.api().json("/api/tasks/" + id + "/steps").toString())
                .doesNotContain("Launch the camera.", "attachments");
        JsonNode step = cloud.api()
                .json("/api/tasks/" + id + "/steps?include_model_calls=true")
                .get("steps")
                .get(0);
        assertThat(step.get("usage").toString())
                .isEqualTo("{\"input_tokens\":1200,\"cached_tokens\":1000,\"output_tokens\":34}");
        assertThat(step.get("model_output").asText()).isEqualTo("Launch the camera.");
        assertThat(step.has("model_input")).isFalse();
        JsonNode attachment = step.get("attachments").get(0);
        assertThat(attachment.get("field").asText()).isEqualTo("model_input");
        String input = "[\"" + prompt + "\",{\"frame\":\"before\"}]";
        assertThat(read(attachment.get("path").asText())).isEqualTo(input);

        Path folder = outbox.resolveSibling("attachments-" + id);
        for (String expected : List.of("saved 1 attachment to " + folder, "saved 0 attachments to " + folder)) {
            Program.Result saved = Program.steptrail(cloud.environment(), "attachments", id.toString(), "--out", folder)
                    .finish();
            assertThat(saved.out().get(0)).startsWith(expected);
        }
        assertThat(unzip(Files.readAllBytes(folder.resolve("000001-model_input.json.gz"))))
                .isEqualTo(input);
    }

    private void ship() throws Exception {
        Program.Result shipped = Program.steptrail(cloud.environment(), "ship", "--once", "--outbox", outbox)
                .finish();
        assertThat(shipped.exitCode()).isZero();
        assertThat(outbox).isDirectoryNotContaining("glob:**[0-9a-f]-*");
        cloud.awaitIngest();
    }

    private String read(String key) throws Exception {
        byte[] object = new BucketReader(new Settings(cloud.environment()))
                .read(key, 1024 * 1024)
                .orElseThrow();
        return unzip(object);
    }

    private static String unzip(byte[] object) throws Exception {
        try (GZIPInputStream json = new GZIPInputStream(new ByteArrayInputStream(object))) {
            return new String(json.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
