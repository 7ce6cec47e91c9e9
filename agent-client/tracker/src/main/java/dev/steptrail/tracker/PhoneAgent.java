package dev.steptrail.tracker;

import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.StepType;
import dev.steptrail.stepformat.TaskStatus;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Base class for agents that operate a phone. A subclass implements {@link #observe}, {@link #decide} and {@link #act};
 * {@link #run} calls them in a loop and records each step with the screens before and after the action. The screen
 * after an action is also the one before the next.
 *
 * <p>To cancel a task, interrupt its thread. A call of the model that is interrupted is recorded as a step without an
 * action, and an action that is interrupted as one with an unknown outcome; neither has failed.
 *
 * <p>Not thread-safe: an agent executes one task at a time. Several agents, one for each phone, may share a tracker.
 */
public abstract class PhoneAgent {
    private static final String INTERRUPTED = "interrupted";

    private final StepTracker tracker;
    private final int maxSteps;

    /** The screen after the last action; null if it was not captured, or was used. */
    private @Nullable Capture afterAction;

    private record Capture(Screen screen, long startNanos, Duration time) {}

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
     * Called before the first step of a task, also if it is not recorded. Override it to reset the state of the
     * previous task. Does nothing by default.
     *
     * @param task the recording of the task; null if it is not recorded
     */
    protected void started(String instruction, @Nullable TrackedTask task) {}

    /**
     * Called after the last step of a task, also if it is not recorded. The recording has not ended yet. Does nothing
     * by default.
     *
     * @param task the recording of the task; null if it is not recorded
     */
    protected void ending(@Nullable TrackedTask task, RunResult result) {}

    /**
     * Called before each step, also before the first, whose number is 1. Override it to check limits; it must not
     * change the screen, which may have been captured already. Does nothing by default.
     *
     * @throws Exception to end the task without another step, usually a {@link TaskEndException}
     */
    protected void beforeStep(int stepNumber) throws Exception {}

    /**
     * Captures the phone's screen.
     *
     * @throws Exception if the capture fails; the task then ends as failed, or as a {@link TaskEndException} says
     */
    protected abstract Screen observe() throws Exception;

    /**
     * Asks the model for the next action. Step numbers start at 1.
     *
     * @throws UnparseableReplyException if the model's reply cannot be parsed as an action; the task then ends as
     *     failed
     * @throws Exception if the call of the model fails; the task then ends as failed, or as a {@link TaskEndException}
     *     says
     */
    protected abstract Decision decide(String instruction, Screen screen, int stepNumber) throws Exception;

    /**
     * Executes an action on the phone.
     *
     * @param screen the screen on which the model based its decision
     * @throws Exception if the action fails; the task continues, except after an {@link InterruptedException} or a
     *     {@link TaskEndException}
     */
    protected abstract ActionResult act(Map<String, Object> action, Screen screen) throws Exception;

    /**
     * Executes an instruction, and records it as a task if {@code enableTracking} is true. Tracking does not change the
     * result; it adds at most one call of {@link #observe}, after the last action.
     *
     * @return the outcome, including failures of the model and the phone; only an {@link Error}, or an exception of
     *     {@link #started} or {@link #ending}, is thrown
     */
    public final RunResult run(String instruction, boolean enableTracking) {
        if (!enableTracking) {
            started(instruction, null);
            RunResult result = runSteps(instruction, null);
            ending(null, result);
            return result;
        }
        try (TrackedTask task = tracker.startTask(describe(instruction))) {
            try {
                started(instruction, task);
                RunResult result = runSteps(instruction, task).withTaskId(task.id());
                ending(task, result);
                task.end(result.status(), result.endReason(), result.message(), outcomeOf(result));
                return result;
            } catch (RuntimeException | Error e) {
                task.failed("the agent threw " + e);
                throw e;
            }
        }
    }

    /**
     * Returns how a task ended, in more detail than its end reason, such as {@code device_lost}. It is recorded with
     * the end of the task as {@code x_outcome}. None by default.
     */
    protected @Nullable String outcomeOf(RunResult result) {
        return null;
    }

    /** Returns the properties of the task to record. Override it to add a name, the phone or metadata. */
    protected TaskInfo describe(String instruction) {
        return TaskInfo.of(instruction);
    }

    private RunResult runSteps(String instruction, @Nullable TrackedTask task) {
        afterAction = null;
        for (int number = 1; number <= maxSteps; number++) {
            RunResult result = runStep(instruction, number, task);
            if (result != null) {
                return result;
            }
        }
        String message = "not finished after " + maxSteps + (maxSteps == 1 ? " step" : " steps");
        return new RunResult(TaskStatus.FAILED, EndReason.MAX_STEPS, message, maxSteps, null);
    }

    /** Runs one step; returns the result if this was the last step of the task, otherwise null. */
    private @Nullable RunResult runStep(String instruction, int number, @Nullable TrackedTask task) {
        try {
            if (Thread.interrupted()) {
                throw new InterruptedException(INTERRUPTED);
            }
            beforeStep(number);
        } catch (Exception e) {
            return failureResult(e, false, number - 1);
        }
        Capture before = afterAction;
        afterAction = null;
        long startNanos = before == null ? System.nanoTime() : before.startNanos();
        Decision decision;
        try {
            if (before == null) {
                before = capture();
            }
            decision = Objects.requireNonNull(decide(instruction, before.screen(), number), "decide() returned null");
        } catch (Exception e) {
            if (isInterruption(e) && before == null) {
                return failureResult(e, false, number - 1);
            }
            StepData.Builder step =
                    isInterruption(e) ? StepData.ofType(StepType.THINKING) : StepData.error(messageOf(e));
            Decision reply = replyOf(e);
            if (reply != null) {
                addReply(step, reply);
            }
            addScreen(step, before);
            record(task, step.duration(since(startNanos)));
            return failureResult(e, before != null, number);
        }
        StepData.Builder step = StepData.ofType(decision.finished() ? StepType.COMPLETION : StepType.ACTION)
                .action(decision.action());
        addScreen(step, before);
        addReply(step, decision);
        if (decision.finished()) {
            record(task, step.succeeded().duration(since(startNanos)));
            return new RunResult(TaskStatus.SUCCEEDED, EndReason.FINISHED, decision.message(), number, null);
        }
        Exception failure = act(step, decision, before.screen());
        step.duration(since(startNanos));
        if (failure instanceof InterruptedException || failure instanceof TaskEndException) {
            record(task, step);
            return failureResult(failure, true, number);
        }
        if (task != null) {
            afterAction = captureAfterAction();
            step.frame(FrameRole.AFTER, afterAction == null ? null : afterAction.screen());
        }
        record(task, step);
        return null;
    }

    private Capture capture() throws Exception {
        long startNanos = System.nanoTime();
        Screen screen = Objects.requireNonNull(observe(), "observe() returned null");
        return new Capture(screen, startNanos, since(startNanos));
    }

    private static void addScreen(StepData.Builder step, @Nullable Capture before) {
        if (before != null) {
            step.timing("screenshot", before.time()).frame(FrameRole.BEFORE, before.screen());
        }
    }

    /** Returns what is known of the model's reply to a call that failed. */
    private static @Nullable Decision replyOf(Exception failure) {
        if (failure instanceof UnparseableReplyException unparseable) {
            return unparseable.reply();
        }
        return failure instanceof TaskEndException end ? end.reply() : null;
    }

    /** Adds the model's reply, except its action. */
    private static void addReply(StepData.Builder step, Decision reply) {
        step.thinking(reply.thinking())
                .currentApp(reply.currentApp())
                .timing("time_to_first_token", reply.timeToFirstToken())
                .timing("model", reply.modelTime())
                .modelCall(reply.modelCall());
    }

    /** Executes the decision and adds its outcome to {@code step}; returns the exception if the action threw one. */
    private @Nullable Exception act(StepData.Builder step, Decision decision, Screen before) {
        long startNanos = System.nanoTime();
        try {
            ActionResult result = Objects.requireNonNull(act(decision.action(), before), "act() returned null");
            Duration actionTime = since(startNanos);
            for (Map.Entry<String, Duration> part : result.timings().entrySet()) {
                step.timing(part.getKey(), part.getValue());
                actionTime = actionTime.minus(part.getValue());
            }
            step.timing("action", actionTime).actionResult(result.toRecord());
            switch (result.outcome()) {
                case SUCCEEDED -> step.succeeded();
                case FAILED -> step.failed(result.message());
                case UNKNOWN -> {}
            }
            return null;
        } catch (InterruptedException e) {
            step.timing("action", since(startNanos))
                    .actionResult(ActionResult.unknown(INTERRUPTED).toRecord());
            return e;
        } catch (Exception e) {
            step.timing("action", since(startNanos)).failed(messageOf(e));
            return e;
        }
    }

    /** Captures the screen after an action; returns null on failure, which must not end the task. */
    private @Nullable Capture captureAfterAction() {
        try {
            return capture();
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

    private static boolean isInterruption(Exception e) {
        return e instanceof InterruptedException
                || (e instanceof TaskEndException && e.getCause() instanceof InterruptedException);
    }

    private static RunResult failureResult(Exception cause, boolean observed, int number) {
        if (cause instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return new RunResult(TaskStatus.CANCELLED, EndReason.CANCELLED, INTERRUPTED, number, null, cause);
        }
        if (cause instanceof TaskEndException end) {
            if (end.getCause() instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            return new RunResult(end.status(), end.endReason(), messageOf(end), number, null, cause);
        }
        EndReason endReason = EndReason.ENDED_WITHOUT_FINISH;
        if (observed) {
            endReason =
                    cause instanceof UnparseableReplyException ? EndReason.UNPARSEABLE_REPLY : EndReason.MODEL_ERROR;
        }
        return new RunResult(TaskStatus.FAILED, endReason, messageOf(cause), number, null, cause);
    }

    private static Duration since(long startNanos) {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    private static String messageOf(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
