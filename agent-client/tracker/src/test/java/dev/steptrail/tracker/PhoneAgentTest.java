package dev.steptrail.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.TaskStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PhoneAgentTest extends PhoneAgentFixture {
    @Test
    void aRunThatFinishes_succeedsAndIsRecordedWithItsScreens() throws Exception {
        Agent agent = new Agent();

        RunResult result = agent.run("do it", true);

        assertThat(result)
                .isEqualTo(new RunResult(TaskStatus.SUCCEEDED, EndReason.FINISHED, "done", 2, result.taskId()));
        RecordedTask recorded = recorded(result);
        assertThat(recorded.started().description()).isEqualTo("do it");
        Step tap = recorded.steps().get(0);
        assertThat(tap.stepType()).isEqualTo("action");
        assertThat(tap.thinking()).isEqualTo("tap it");
        assertThat(tap.action()).isEqualTo(Map.of("action", "Tap"));
        assertThat(tap.actionResult()).isEqualTo(Map.of("success", true));
        assertThat(tap.success()).isTrue();
        assertThat(tap.duration()).isNotNull();
        assertThat(tap.timings()).containsKeys("screenshot_ms", "time_to_first_token_ms", "model_ms", "action_ms");
        assertThat(tap.frames()).extracting(Frame::file).containsExactly("frames/1-before.png", "frames/1-after.png");
        assertThat(tap.frames()).extracting(Frame::width).containsExactly(1, 2);
        assertThat(tap.frames()).extracting(Frame::sensitive).containsExactly(true, false);
        assertThat(agent.observed).isEqualTo(2); // the screen after the first step is that before the second
        Step finish = recorded.steps().get(1);
        assertThat(finish.stepType()).isEqualTo("completion");
        assertThat(finish.action()).isEqualTo(Map.of("_metadata", "finish", "message", "done"));
        assertThat(finish.frames()).extracting(Frame::file).containsExactly("frames/2-before.png");
        assertThat(finish.frames()).extracting(Frame::width).containsExactly(2);
        assertThat(finish.timings()).containsKey("screenshot_ms");
        assertThat(recorded.ended().status()).isEqualTo(TaskStatus.SUCCEEDED);
        assertThat(recorded.ended().message()).isEqualTo("done");
    }

    @Test
    void anActionThatFailsOrHasAnUnknownOutcome_isRecordedSo_andTheRunContinues() throws Exception {
        Step failed = stepOf(() -> ActionResult.failed("App not found"));
        assertThat(failed.success()).isFalse();
        assertThat(failed.errorMessage()).isEqualTo("App not found");
        assertThat(failed.actionResult()).isEqualTo(Map.of("success", false, "message", "App not found"));
        assertThat(failed.frames()).hasSize(2);

        Step throwing = stepOf(() -> {
            throw new IOException("the phone is gone");
        });
        assertThat(throwing.errorMessage()).isEqualTo("the phone is gone");

        Step unknown = stepOf(() -> ActionResult.unknown("no acknowledgement"));
        assertThat(unknown.success()).isNull();
        assertThat(unknown.errorMessage()).isNull();
        assertThat(unknown.actionResult()).isEqualTo(Map.of("outcome_unknown", true, "message", "no acknowledgement"));
    }

    private Step stepOf(Callable<ActionResult> action) throws Exception {
        RunResult result = acting(action).run("do it", true);

        assertThat(result.endReason()).isEqualTo(EndReason.FINISHED);
        return recorded(result).steps().get(0);
    }

    @Test
    void partsOfAnAction_areRecordedApartFromIt() throws Exception {
        Step step = stepOf(() -> {
            Thread.sleep(30);
            return ActionResult.succeeded().timed("wait", Duration.ofMillis(20));
        });

        assertThat(step.timings()).containsEntry("wait_ms", 20);
        assertThat((int) step.timings().get("action_ms") + 20)
                .isBetween(30, (int) step.duration().toMillis());
    }

    @Test
    void aRunThatExceedsItsMaximumSteps_fails() throws Exception {
        RunResult result =
                deciding(() -> Decision.act(null, Map.of("action", "Tap"))).run("do it", true);

        assertThat(result.endReason()).isEqualTo(EndReason.MAX_STEPS);
        assertThat(result.status()).isEqualTo(TaskStatus.FAILED);
        assertThat(result.steps()).isEqualTo(MAX_STEPS);
        assertThat(recorded(result).numbers()).containsExactly(1, 2, 3);
        assertThatThrownBy(() -> new Agent(0)).hasMessage("maxSteps must be 1 or more, but is 0");
    }

    @Test
    void aFailedCaptureAfterTheAction_affectsOnlyTheRecord() throws Exception {
        RunResult result = new Agent() {
            @Override
            protected Screen observe() throws Exception {
                Screen screen = super.observe();
                if (observed == 2) {
                    throw new IOException("a blink");
                }
                return screen;
            }
        }.run("do it", true);

        assertThat(result.endReason()).isEqualTo(EndReason.FINISHED);
        assertThat(recorded(result).steps().get(0).frames()).hasSize(1);
    }

    @Test
    void withoutTracking_nothingIsWritten_andNoScreenIsCapturedAfterActions() throws Exception {
        Agent agent = new Agent();

        RunResult result = agent.run("do it", false);
        tracker.flush(Duration.ofSeconds(10));

        assertThat(result).isEqualTo(new RunResult(TaskStatus.SUCCEEDED, EndReason.FINISHED, "done", 2, null));
        assertThat(agent.observed).isEqualTo(2);
        assertThat(outbox).isEmptyDirectory();
    }

    @Test
    void aBrokenOutbox_doesNotChangeTheResult() throws Exception {
        Files.delete(outbox);
        Files.createFile(outbox);

        RunResult result = new Agent().run("do it", true);

        assertThat(result.withTaskId(null)).isEqualTo(new Agent().run("do it", false));
        tracker.flush(Duration.ofSeconds(10));
        assertThat(tracker.stats().droppedSteps()).isEqualTo(Map.of("outbox_unwritable", 2L));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void startedAndEnding_areCalledForEachTask(boolean enableTracking) {
        List<String> calls = new ArrayList<>();
        Agent agent = new Agent() {
            @Override
            protected void started(String instruction, TrackedTask task) {
                calls.add("started " + instruction + " " + (task != null));
            }

            @Override
            protected void beforeStep(int stepNumber) {
                calls.add("step " + stepNumber);
            }

            @Override
            protected void ending(TrackedTask task, RunResult result) {
                calls.add("ending " + result.status() + " " + (task != null) + " " + (result.taskId() != null));
            }
        };

        agent.run("do it", enableTracking);

        assertThat(calls)
                .containsExactly(
                        "started do it " + enableTracking,
                        "step 1",
                        "step 2",
                        "ending SUCCEEDED " + enableTracking + " " + enableTracking);
    }

    @Test
    void anOutcome_isRecordedWithTheEndOfTheTask() throws Exception {
        RunResult result = new Agent() {
            @Override
            protected String outcomeOf(RunResult ended) {
                return ended.steps() + "_steps";
            }
        }.run("do it", true);

        assertThat(recorded(result).ended().unknown()).isEqualTo(Map.of("x_outcome", "2_steps"));
        assertThat(recorded(new Agent().run("do it", true)).ended().unknown()).isEmpty();
    }
}
