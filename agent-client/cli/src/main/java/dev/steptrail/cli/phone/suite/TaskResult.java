package dev.steptrail.cli.phone.suite;

import dev.steptrail.phone.autoglm.RunOutcome;
import dev.steptrail.stepformat.VerdictValue.Label;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a task of a suite ended.
 *
 * @param device the serial number of the phone
 * @param message the agent's final message, or the error
 * @param verdict null if no evaluator judged the task, so that the agent's claim counts
 * @param reason explains the verdict
 * @param problem why the verdict is unclear although neither the phone nor the model's server ended the task; null
 *     otherwise
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
        @Nullable Problem problem) {
    /** Why a task has no verdict of its evaluator, although neither the phone nor the model's server ended it. */
    enum Problem {
        /** The program that prepares the phone failed, so that the task had no step and can be run again. */
        NOT_PREPARED,
        /** The evaluator failed, so that it can judge again. */
        NOT_JUDGED,
        /** The suite was interrupted while the evaluator was running, so that it judges when the suite continues. */
        JUDGING_INTERRUPTED;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Returns a copy with a verdict. */
    TaskResult judged(Label newVerdict, @Nullable String newReason) {
        return new TaskResult(task, device, outcome, steps, duration, message, newVerdict, newReason, null);
    }

    /** Returns a copy whose verdict is unclear because of a program. */
    TaskResult unclear(Problem newProblem, String newReason) {
        return new TaskResult(task, device, outcome, steps, duration, message, Label.UNCLEAR, newReason, newProblem);
    }

    /** Returns the name of the outcome or, for a task that had no step because of a program, of the problem. */
    String outcomeName() {
        return problem == Problem.NOT_PREPARED ? problem.wireName() : outcome.wireName();
    }

    /** Returns whether the phone or the model's server ended the task, so that it says nothing about the agent. */
    boolean isInfrastructureError() {
        return outcome == RunOutcome.MODEL_ERROR
                || outcome == RunOutcome.DEVICE_LOST
                || outcome == RunOutcome.DEVICE_ERROR;
    }

    /** Returns whether the task says nothing about the agent, because of the phone, the model's server or a program. */
    boolean isError() {
        return isInfrastructureError() || problem == Problem.NOT_PREPARED;
    }

    /** Returns whether the task has been run, but must still be judged, or be judged again. */
    boolean isUnjudged() {
        return problem == Problem.NOT_JUDGED || problem == Problem.JUDGING_INTERRUPTED;
    }

    /**
     * Returns whether the suite runs or judges the task when it continues.
     *
     * @param retryErrors whether the user wants to run or judge tasks again that ended with an error
     */
    boolean isRepeated(boolean retryErrors) {
        return problem == Problem.JUDGING_INTERRUPTED || (retryErrors && (problem != null || isInfrastructureError()));
    }

    /** Returns what counts for the experiment: the verdict or, without one, the agent's claim. */
    Label counts() {
        if (verdict != null) {
            return verdict;
        }
        return outcome == RunOutcome.SUCCEEDED ? Label.PASS : Label.FAIL;
    }
}
