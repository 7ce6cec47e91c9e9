package dev.steptrail.openautoglm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepType;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The recorded fields and screenshots of a step. */
class RecordedStepTest extends PlaysScenarios {
    @Test
    void run_isRecordedWithAllFields() throws Exception {
        Scenario run = play("finished");

        TaskStarted started = run.only(TaskStarted.class);
        assertThat(run.records().get(0)).isEqualTo(started);
        assertThat(run.output().get("task_id").asText())
                .isEqualTo(started.taskId().toString());
        assertThat(started.taskId().version()).isEqualTo(7);
        assertThat(started.description()).isEqualTo(TASK);
        assertThat(started.agent()).isEqualTo("Open-AutoGLM");
        assertThat(started.model()).isEqualTo("autoglm-phone-9b");
        assertThat(started.deviceId()).isEqualTo("emulator-5554");
        assertThat(started.metadata()).containsEntry("lab", "north").containsEntry("max_steps", 100);
        assertThat(run.lines(run.folder())).noneMatch(line -> line.contains("a-secret-key"));

        List<Step> steps = run.steps();
        assertThat(steps).extracting(Step::stepNumber).containsExactly(1, 2, 3, 4);
        Step launch = steps.get(0);
        assertThat(launch.stepType()).isEqualTo(StepType.ACTION);
        assertThat(launch.thinking()).isEqualTo("想一想");
        assertThat(launch.action()).isEqualTo(Map.of("_metadata", "do", "action", "Launch", "app", "天气"));
        assertThat(launch.success()).isFalse();
        assertThat(launch.errorMessage()).isEqualTo("App not found: 天气");
        assertThat(launch.actionResult()).containsEntry("message", "App not found: 天气");
        assertThat(launch.timings())
                .containsEntry("time_to_first_token_ms", 410)
                .containsEntry("time_to_thinking_end_ms", 1500)
                .containsEntry("model_ms", 2300)
                .containsKeys("screenshot_ms", "action_ms");
        assertThat(launch.duration()).isNotNull();
        assertThat(steps.get(1).action()).containsEntry("element", List.of(499, 842));
        assertThat(steps.get(2).action()).containsEntry("action", "Take_over");
        assertThat(steps.get(2).timings()).containsKey("take_over_ms");
        assertThat(steps.get(3).stepType()).isEqualTo(StepType.COMPLETION);
        assertThat(steps.get(3).success()).isTrue();
        assertEnds(run, TaskStatus.SUCCEEDED, EndReason.FINISHED, "Done: 21 度", 4);
    }

    @Test
    void screenshot_isThatOfAgent_withSizeAndSensitivity() throws Exception {
        Scenario run = play("finished");

        for (Step step : run.steps()) {
            assertThat(step.frames()).hasSize(1);
            Frame frame = step.frames().get(0);
            assertThat(frame.role()).isEqualTo(FrameRole.BEFORE);
            assertThat(frame.file()).isEqualTo("frames/" + step.stepNumber() + "-before.png");
            assertThat(List.of(frame.width(), frame.height())).containsExactly(54, 120);
            assertThat(frame.sensitive()).isEqualTo(step.stepNumber() == 3);
            assertThat(Files.readAllBytes(run.folder().resolve(frame.file()))).startsWith(0x89, 'P', 'N', 'G');
        }
        assertThat(run.output().get("tracked").get("phone"))
                .filteredOn(call -> call.asText().equals("get_screenshot"))
                .hasSize(4);
    }

    @Test
    void sensitiveAction_recordsConfirmation() throws Exception {
        Scenario refused = play("refused");
        assertThat(refused.steps().get(0).actionResult()).containsEntry("confirmed", false);
        assertThat(refused.steps().get(0).timings()).containsKey("confirmation_ms");
        assertEnds(refused, TaskStatus.CANCELLED, EndReason.CANCELLED, "User cancelled sensitive operation", 1);

        Scenario allowed = play("allowed");
        assertThat(allowed.steps().get(0).actionResult()).containsEntry("confirmed", true);
        assertThat(allowed.steps().get(0).success()).isTrue();
    }

    @Test
    void afterFrames_areCapturedIfEnabled_exceptAfterFinish() throws Exception {
        Scenario run = play("after_frames");

        assertThat(run.steps().get(0).frames())
                .extracting(Frame::role)
                .containsExactly(FrameRole.BEFORE, FrameRole.AFTER);
        assertThat(run.steps().get(1).frames()).extracting(Frame::role).containsExactly(FrameRole.BEFORE);
        assertThat(run.output().get("tracked").get("outcomes"))
                .isEqualTo(run.output().get("plain").get("outcomes"));
    }

    @Test
    void iosAfterFrame_isCapturedBySameCall() throws Exception {
        Scenario run = play("ios_after_frames");

        assertThat(run.steps().get(0).frames())
                .extracting(Frame::role)
                .containsExactly(FrameRole.BEFORE, FrameRole.AFTER);
        JsonNode call = run.output().get("plain").get("phone").get(0);
        assertThat(call.toString()).isEqualTo("[\"http://phone:8100\",\"session\",\"emulator-5554\"]");
        assertThat(run.output().get("tracked").get("phone"))
                .filteredOn(JsonNode::isArray)
                .containsExactly(call, call, call);
    }

    @Test
    void unpairedSurrogate_isReplacedAndCounted() throws Exception {
        Scenario run = play("garbage");

        Path steps = run.folders().get(0).resolve("steps.jsonl");
        assertThat(Files.readString(steps)).contains("\uFFFD").doesNotContain("\\ud800");
        assertThat(run.steps().get(0).unknown()).containsEntry("replaced_characters", 1);
    }

    @Test
    void step_hasEndTimestamp_andDurationSinceStart() throws Exception {
        for (Step step : play("after_frames").steps()) {
            assertThat(step.frames()).allSatisfy(frame -> assertThat(frame.capturedAt())
                    .isBeforeOrEqualTo(step.timestamp())
                    .isAfter(step.timestamp().minus(step.duration()).minusMillis(2)));
        }
    }

    @Test
    void actionWithNonJsonValues_isRecordedAsText() throws Exception {
        Scenario run = play("garbage");

        assertThat(run.steps()).hasSize(3);
        assertThat(run.steps().get(0).action())
                .containsEntry("a", "inf")
                .containsEntry("b", "b'\\x00'")
                .containsEntry("e", "\uFFFD")
                .containsEntry("g", "1j");
        assertThat(run.output().get("stats").get("dropped_steps")).isEmpty();
    }
}
