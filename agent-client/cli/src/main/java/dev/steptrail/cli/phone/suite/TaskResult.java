package dev.steptrail.cli.phone.suite;

import dev.steptrail.phone.autoglm.RunOutcome;
import dev.steptrail.stepformat.VerdictValue.Label;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a task of a suite ended.
 *
 * @param device the serial number of the phone
 * @param message the agent's final message, or the error
 * @param verdict null if no evaluator judged the task, so that the agent's claim counts
 * @param reason explains the verdict
 * @param evaluatorFailed whether the verdict is unclear because the evaluator failed, so that it can judge again
 */
record TaskResult(
        UUID task,
        String device,
        RunOutcome outcome,
        int steps,
        Duration duration,
        @Nullable String message,
        @Nullable Label verdict,
        @Nullable String reason,
        boolean evaluatorFailed) {
    /** Returns a copy with a verdict. */
    TaskResult judged(Label newVerdict, @Nullable String newReason) {
        return new TaskResult(task, device, outcome, steps, duration, message, newVerdict, newReason, false);
    }

    /** Returns a copy whose verdict is unclear, because the evaluator failed. */
    TaskResult notJudged(String newReason) {
        return new TaskResult(task, device, outcome, steps, duration, message, Label.UNCLEAR, newReason, true);
    }

    /** Returns whether the phone or the model's server ended the task, so that it says nothing about the agent. */
    boolean isInfrastructureError() {
        return outcome == RunOutcome.MODEL_ERROR
                || outcome == RunOutcome.DEVICE_LOST
                || outcome == RunOutcome.DEVICE_ERROR;
    }

    /** Returns whether {@code --retry-errors} runs or judges the task again. */
    boolean isRetryable() {
        return evaluatorFailed || isInfrastructureError();
    }

    /** Returns what counts for the experiment: the verdict or, without one, the agent's claim. */
    Label counts() {
        if (verdict != null) {
            return verdict;
        }
        return outcome == RunOutcome.SUCCEEDED ? Label.PASS : Label.FAIL;
    }
}
