package dev.steptrail.tracker;

import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.StepType;
import dev.steptrail.stepformat.TaskStatus;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Base class for agents that operate a phone. A subclass implements {@link #observe}, {@link #decide} and {@link #act};
 * {@link #run} calls them in a loop and records each step with the screens before and after the action.
 *
 * <p>Not thread-safe: an agent executes one task at a time. Several agents, one for each phone, may share a tracker.
 */
public abstract class PhoneAgent {
    private final StepTracker tracker;
    private final int maxSteps;

    /**
     * @param tracker records the tasks; the caller closes it
     * @param maxSteps the maximum number of steps of a task, 1 or more
     */
    protected PhoneAgent(StepTracker tracker, int maxSteps) {
        if (maxSteps < 1) {
            throw new IllegalArgumentException("maxSteps must be 1 or more, but is " + maxSteps);
        }
        this.tracker = Objects.requireNonNull(tracker, "tracker");
        this.maxSteps = maxSteps;
    }

    /**
     * Captures the phone's screen.
     *
     * @throws Exception if the capture fails; the task then ends as failed
     */
    protected abstract Screen observe() throws Exception;

    /**
     * Asks the model for the next action. Step numbers start at 1.
     *
     * @throws UnparseableReplyException if the model's reply cannot be parsed as an action; the task then ends as
     *     failed
     * @throws Exception if the call of the model fails; the task then ends as failed
     */
    protected abstract Decision decide(String instruction, Screen screen, int stepNumber) throws Exception;

    /**
     * Executes an action on the phone.
     *
     * @param screen the screen on which the model based its decision
     * @throws Exception if the action fails; the task continues, except after an {@link InterruptedException}
     */
    protected abstract ActionResult act(Map<String, Object> action, Screen screen) throws Exception;

    /**
     * Executes an instruction, and records it as a task if {@code enableTracking} is true. Tracking does not change the
     * result; it adds one call of {@link #observe} after each action.
     *
     * @return the outcome, including failures of the model and the phone; only an {@link Error} is thrown
     */
    public final RunResult run(String instruction, boolean enableTracking) {
        if (!enableTracking) {
            return runSteps(instruction, null);
        }
        try (TrackedTask task = tracker.startTask(describe(instruction))) {
            try {
                RunResult result = runSteps(instruction, task);
                task.end(result.status(), result.endReason(), result.message());
                return result.withTaskId(task.id());
            } catch (Error e) {
                task.failed("the agent threw " + e);
                throw e;
            }
        }
    }

    /** Returns the properties of the task to record. Override it to add a name, the phone or metadata. */
    protected TaskInfo describe(String instruction) {
        return TaskInfo.of(instruction);
    }

    private RunResult runSteps(String instruction, @Nullable TrackedTask task) {
        for (int number = 1; number <= maxSteps; number++) {
            RunResult result = runStep(instruction, number, task);
            if (result != null) {
                return result;
            }
        }
        return new RunResult(
                TaskStatus.FAILED, EndReason.MAX_STEPS, "not finished after " + maxSteps + " steps", maxSteps, null);
    }

    /** Runs one step; returns the result if this was the last step of the task, otherwise null. */
    private @Nullable RunResult runStep(String instruction, int number, @Nullable TrackedTask task) {
        long startNanos = System.nanoTime();
        Screen before = null;
        Decision decision;
        try {
            before = Objects.requireNonNull(observe(), "observe() returned null");
            decision = Objects.requireNonNull(decide(instruction, before, number), "decide() returned null");
        } catch (Exception e) {
            record(
                    task,
                    StepData.error(messageOf(e)).duration(since(startNanos)).frame(FrameRole.BEFORE, before));
            return failureResult(e, before != null, number);
        }
        StepData.Builder step = StepData.ofType(decision.finished() ? StepType.COMPLETION : StepType.ACTION)
                .thinking(decision.thinking())
                .action(decision.action())
                .timing("time_to_first_token", decision.timeToFirstToken())
                .timing("model", decision.modelTime())
                .modelCall(decision.modelCall())
                .frame(FrameRole.BEFORE, before);
        if (decision.finished()) {
            record(task, step.succeeded().duration(since(startNanos)));
            return new RunResult(TaskStatus.SUCCEEDED, EndReason.FINISHED, decision.message(), number, null);
        }
        Exception failure = act(step, decision, before);
        step.duration(since(startNanos));
        if (failure instanceof InterruptedException) {
            record(task, step);
            return failureResult(failure, true, number);
        }
        if (task != null) {
            step.frame(FrameRole.AFTER, observeAfterAction());
        }
        record(task, step);
        return null;
    }

    /** Executes the decision and adds its outcome to {@code step}; returns the exception if the action threw one. */
    private @Nullable Exception act(StepData.Builder step, Decision decision, Screen before) {
        long startNanos = System.nanoTime();
        try {
            ActionResult result = Objects.requireNonNull(act(decision.action(), before), "act() returned null");
            Map<String, Object> outcome = new LinkedHashMap<>();
            outcome.put("success", result.success());
            if (result.message() != null) {
                outcome.put("message", result.message());
            }
            step.actionResult(outcome);
            if (result.success()) {
                step.succeeded();
            } else {
                step.failed(result.message());
            }
            return null;
        } catch (Exception e) {
            step.failed(messageOf(e));
            return e;
        } finally {
            step.timing("action", since(startNanos));
        }
    }

    /** Captures the screen after an action for the record; returns null on failure, which must not end the task. */
    private @Nullable Screen observeAfterAction() {
        try {
            return observe();
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            return null;
        }
    }

    private static void record(@Nullable TrackedTask task, StepData.Builder step) {
        if (task != null) {
            task.record(step.build());
        }
    }

    private static RunResult failureResult(Exception cause, boolean observed, int number) {
        if (cause instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return new RunResult(TaskStatus.CANCELLED, EndReason.CANCELLED, "interrupted", number, null);
        }
        EndReason endReason = EndReason.ENDED_WITHOUT_FINISH;
        if (observed) {
            endReason =
                    cause instanceof UnparseableReplyException ? EndReason.UNPARSEABLE_REPLY : EndReason.MODEL_ERROR;
        }
        return new RunResult(TaskStatus.FAILED, endReason, messageOf(cause), number, null);
    }

    private static Duration since(long startNanos) {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    private static String messageOf(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
