package dev.steptrail.cli.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.shipper.fixture.Screens;
import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.ExperimentCase;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.stepformat.Usage;
import dev.steptrail.tracker.screenshot.ModelImages;
import dev.steptrail.tracker.screenshot.ScreenshotImage;
import java.nio.file.Files;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordingConversionTest {
    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

    @ParameterizedTest
    @CsvSource({
        "2025-12-14T21:41:58.018843,2025-12-14T13:41:58.018843Z",
        "2025-12-14T21:41:58,2025-12-14T13:41:58Z",
        "2025-12-14T21:41:58Z,2025-12-14T21:41:58Z",
        "2025-12-14T21:41:58.5-03:30,2025-12-15T01:11:58.500Z"
    })
    void timeWithoutZone_isReadInGivenZone(String text, Instant inShanghai) throws Exception {
        byte[] recording = SampleRecordings.withMetadata(metadata -> metadata.put("created_at", text));

        assertThat(new AutoGlmRecording(recording, SHANGHAI, false).started().timestamp())
                .isEqualTo(inShanghai);
    }

    @Test
    void taskId_dependsOnFileOnly() throws Exception {
        AutoGlmRecording shanghai = new AutoGlmRecording(SampleRecordings.valid(), SHANGHAI, false);
        AutoGlmRecording utc = new AutoGlmRecording(SampleRecordings.valid(), ZoneOffset.UTC, false);

        assertThat(shanghai.taskId()).isEqualTo(utc.taskId());
        assertThat(shanghai.taskId().version()).isEqualTo(7);
        assertThat(Instant.ofEpochMilli(shanghai.taskId().getMostSignificantBits() >>> 16))
                .isEqualTo("2026-05-15T07:58:31.046Z");
        assertThat(shanghai.started().timestamp()).isEqualTo("2026-05-14T23:58:31.046590Z");
        assertThat(utc.started().timestamp()).isEqualTo("2026-05-15T07:58:31.046590Z");
    }

    @Test
    void fileWithOneDifferentByte_isAnotherTask() throws Exception {
        byte[] changed = new String(SampleRecordings.valid(), java.nio.charset.StandardCharsets.UTF_8)
                .replace("35.93", "35.94")
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);

        assertThat(new AutoGlmRecording(changed, SHANGHAI, false).taskId())
                .isNotEqualTo(new AutoGlmRecording(SampleRecordings.valid(), SHANGHAI, false).taskId());
    }

    @Test
    void completeRun_succeeds() throws Exception {
        AutoGlmRecording recording = new AutoGlmRecording(SampleRecordings.valid(), ZoneOffset.UTC, false);

        TaskStarted started = recording.started();
        assertThat(started.description()).isEqualTo(started.name()).startsWith("看看杭州");
        assertThat(started.agent()).isEqualTo("Open-AutoGLM");
        TaskEnded ended = recording.ended();
        assertThat(ended.status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(ended.endReason()).isEqualTo(EndReason.FINISHED);
        assertThat(ended.message()).isNotBlank();
        assertThat(ended.lastStepNumber()).isEqualTo(5);
    }

    @Test
    void runWithoutFinish_hasFailed() throws Exception {
        TaskEnded ended = new AutoGlmRecording(
                        Files.readAllBytes(Screens.sample("flower-photo-loop")), ZoneOffset.UTC, false)
                .ended();

        assertThat(ended.status()).isEqualTo(TaskStatus.FAILED);
        assertThat(ended.endReason()).isEqualTo(EndReason.ENDED_WITHOUT_FINISH);
        assertThat(ended.message()).isNull();
        assertThat(ended.lastStepNumber()).isEqualTo(28);
    }

    @Test
    void runWithoutSteps_hasFailedAtItsStart() throws Exception {
        TaskEnded ended = new AutoGlmRecording(
                        Files.readAllBytes(Screens.sample("torch-no-steps")), ZoneOffset.UTC, false)
                .ended();

        assertThat(ended.status()).isEqualTo(TaskStatus.FAILED);
        assertThat(ended.lastStepNumber()).isZero();
    }

    @Test
    void failedFinish_isNotASuccess() throws Exception {
        TaskEnded ended = new AutoGlmRecording(
                        SampleRecordings.with(recording -> {
                            var steps = recording.withArray("steps");
                            ((ObjectNode) steps.get(steps.size() - 1)).put("success", false);
                        }),
                        ZoneOffset.UTC,
                        false)
                .ended();

        assertThat(ended.status()).isEqualTo(TaskStatus.FAILED);
        assertThat(ended.endReason()).isEqualTo(EndReason.FINISHED);
    }

    @Test
    void fieldWithReservedName_isKeptWithPrefix() throws Exception {
        Step step = SampleRecordings.read(SampleRecordings.withStep(first ->
                        first.put("duration_ms", "long").put("frames", 3).put("battery", 1)))
                .step(0, List.of(), new ModelImages());

        assertThat(step.unknown()).isEqualTo(Map.of("x_duration_ms", "long", "x_frames", 3, "battery", 1));
    }

    @Test
    void experimentUsageAndModelCall_areImported() throws Exception {
        byte[] image = {1, 2, 3};
        String base64 = Base64.getEncoder().encodeToString(image);
        AutoGlmRecording recording = SampleRecordings.read(SampleRecordings.with(json -> {
            ((ObjectNode) json.get("metadata"))
                    .put("experiment", "nightly")
                    .put("case_id", "weather")
                    .put("repeat", 2)
                    .putObject("attributes")
                    .put("app_version", "8.1");
            ObjectNode step = (ObjectNode) json.withArray("steps").get(0);
            step.putObject("usage")
                    .put("input_tokens", 12)
                    .put("output_tokens", 3)
                    .put("total", 15);
            step.putArray("model_input").add("data:image/png;base64," + base64);
            step.put("model_output", "ok");
        }));
        ModelImages images = new ModelImages();
        images.addFrame(FrameRole.BEFORE, ScreenshotImage.of(image));

        assertThat(recording.started().experimentCase())
                .isEqualTo(new ExperimentCase("nightly", "weather", 2, Map.of("app_version", "8.1")));
        assertThat(recording.started().metadata()).doesNotContainKeys("experiment", "case_id", "repeat", "attributes");
        assertThat(recording.step(0, List.of(), images).modelCall())
                .isEqualTo(new ModelCall(
                        new Usage(12, null, 3, Map.of("total", 15)), List.of(Map.of("frame", "before")), "ok"));
    }

    @Test
    void fieldsOfTheSameNameWithOtherValues_areKeptAsAdditionalFields() throws Exception {
        AutoGlmRecording recording = SampleRecordings.read(SampleRecordings.with(json -> {
            ((ObjectNode) json.get("metadata"))
                    .put("experiment", "100% v2")
                    .put("repeat", "twice")
                    .put("attributes", "none");
            ObjectNode step = (ObjectNode) json.withArray("steps").get(0);
            step.putObject("usage").put("input_tokens", -1).put("output_tokens", 3);
        }));

        assertThat(recording.started().experimentCase()).isEqualTo(ExperimentCase.NONE);
        assertThat(recording.started().metadata())
                .containsEntry("experiment", "100% v2")
                .containsEntry("repeat", "twice")
                .containsEntry("attributes", "none");
        Step step = recording.step(0, List.of(), new ModelImages());
        assertThat(step.modelCall()).isEqualTo(ModelCall.NONE);
        assertThat(step.unknown()).containsEntry("x_usage", Map.of("input_tokens", -1, "output_tokens", 3));
    }

    @Test
    void recordingFromBefore1970_isRejected() {
        assertThatThrownBy(() -> new AutoGlmRecording(
                        SampleRecordings.withMetadata(
                                metadata -> metadata.put("created_at", "1970-01-01T00:00:00+08:00")),
                        SHANGHAI,
                        false))
                .hasMessage("metadata: created_at: is before 1970");
    }
}
