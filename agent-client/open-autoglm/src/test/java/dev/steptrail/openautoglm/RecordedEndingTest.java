package dev.steptrail.openautoglm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepType;
import dev.steptrail.stepformat.TaskStatus;
import org.junit.jupiter.api.Test;

/** The status and end reason of a task, also where the agent reports a success that was none. */
class RecordedEndingTest extends PlaysScenarios {
    @Test
    void modelError_isFailedStep_andEndsTask() throws Exception {
        Scenario run = play("model_error");

        Step last = run.steps().get(1);
        assertThat(last.stepType()).isEqualTo(StepType.ERROR);
        assertThat(last.success()).isFalse();
        assertThat(last.errorMessage()).isEqualTo("the model is away");
        assertThat(last.frames()).hasSize(1);
        assertThat(last.timings()).containsKey("model_ms");
        assertEnds(run, TaskStatus.FAILED, EndReason.MODEL_ERROR, "Model error: the model is away", 2);
    }

    @Test
    void unparseableReply_isFailedStep_althoughAgentReportsFinish() throws Exception {
        Scenario run = play("unparseable");

        Step last = run.steps().get(1);
        assertThat(last.stepType()).isEqualTo(StepType.ERROR);
        assertThat(last.success()).isFalse();
        assertThat(last.action()).containsEntry("message", "我不知道该怎么办");
        assertThat(last.errorMessage()).contains("could not be parsed");
        assertEnds(run, TaskStatus.FAILED, EndReason.UNPARSEABLE_REPLY, "我不知道该怎么办", 2);
    }

    @Test
    void runReachingMaxSteps_endsWithMaxSteps() throws Exception {
        assertEnds(play("max_steps"), TaskStatus.FAILED, EndReason.MAX_STEPS, "Max steps reached", 3);
    }

    @Test
    void runReturningEarly_endsWithoutFinish() throws Exception {
        assertEnds(play("returns_early"), TaskStatus.FAILED, EndReason.ENDED_WITHOUT_FINISH, "That is enough", 2);
    }

    @Test
    void raisingAction_isFailedStep_althoughAgentReportsFinish() throws Exception {
        Scenario run = play("action_raises");

        Step last = run.steps().get(1);
        assertThat(last.stepType()).isEqualTo(StepType.ACTION);
        assertThat(last.action()).containsEntry("action", "Explode");
        assertThat(last.success()).isFalse();
        assertThat(last.errorMessage()).isEqualTo("adb: device offline");
        assertEnds(run, TaskStatus.FAILED, EndReason.ENDED_WITHOUT_FINISH, "adb: device offline", 2);
    }

    @Test
    void interruptedRun_isCancelled_andLastActionIsRecorded() throws Exception {
        Scenario run = play("interrupted");

        assertThat(run.steps().get(1).action()).containsEntry("action", "Interrupt");
        assertThat(run.steps().get(1).success()).isFalse();
        assertEnds(run, TaskStatus.CANCELLED, EndReason.CANCELLED, "KeyboardInterrupt", 2);
    }

    @Test
    void unreachablePhone_isFailedStepWithoutScreenshot() throws Exception {
        Scenario run = play("phone_is_away");

        assertThat(run.steps().get(1).stepType()).isEqualTo(StepType.ERROR);
        assertThat(run.steps().get(1).frames()).isEmpty();
        assertEnds(run, TaskStatus.FAILED, EndReason.ENDED_WITHOUT_FINISH, "adb", 2);
    }

    @Test
    void processExitOrDiscardedAgent_abandonsTask() throws Exception {
        assertEnds(
                play("exits"), TaskStatus.ABANDONED, EndReason.ABANDONED, "the process ended before the task did", 1);

        Scenario discarded = play("discarded");
        assertThat(discarded.output().get("thread_ended").asBoolean()).isTrue();
        String message = "the agent was discarded before the task ended";
        assertEnds(discarded, TaskStatus.ABANDONED, EndReason.ABANDONED, message, 1);
    }
}
