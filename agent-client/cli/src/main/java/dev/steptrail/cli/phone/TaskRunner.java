package dev.steptrail.cli.phone;

import dev.steptrail.tracker.RunResult;
import dev.steptrail.tracker.TaskInfo;
import dev.steptrail.tracker.TrackedTask;

/** Runs an agent on a phone. Thread-safe; one task at a time on each phone. */
public interface TaskRunner {
    /** Is called on the thread that runs the task. */
    interface Listener {
        /** The task has started; its first step follows. */
        void started(TrackedTask task);

        /** A step begins; all steps before it are recorded. */
        void stepStarted(TrackedTask task);

        /** All steps are recorded; the end of the task is recorded after this call. */
        void ending(TrackedTask task, RunResult result);
    }

    /** Runs the instruction of {@code info}. A failure is a result; an interruption ends the task as cancelled. */
    RunResult run(OpenPhone phone, TaskInfo info, RunLimits limits, Listener listener);
}
