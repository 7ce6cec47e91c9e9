package dev.steptrail.phone.autoglm;

import dev.steptrail.tracker.ActionResult;
import dev.steptrail.tracker.RunResult;
import dev.steptrail.tracker.TrackedTask;
import java.time.Duration;

/**
 * Follows the run of an agent. Called on the thread that runs the agent; after a cancellation, the thread is
 * interrupted. Methods must not throw: {@code run} would throw an exception of {@link #started} or {@link #ending}, and
 * one of the others fails the step. Does nothing by default.
 */
public interface StepListener {
    StepListener NONE = new StepListener() {};

    /** The task has started. Called only if the task is recorded. */
    default void started(TrackedTask task) {}

    /**
     * A request to the model failed, and is sent again.
     *
     * @param attempt which attempt follows, and why: untrusted text
     */
    default void retrying(String attempt) {}

    /** The model has decided; the action is not executed yet. The last call for a step that finishes the task. */
    default void decided(StepProgress step) {}

    /**
     * The action was executed or failed. Called before the step is recorded.
     *
     * @param elapsed the time since the step started
     */
    default void acted(StepProgress step, ActionResult result, Duration elapsed) {}

    /** The last step was recorded, and the task is about to end. Called only if the task is recorded. */
    default void ending(TrackedTask task, RunResult result) {}
}
