package dev.steptrail.cli.phone.run;

import dev.steptrail.phone.autoglm.Limits;
import dev.steptrail.phone.autoglm.StepListener;
import dev.steptrail.tracker.RunResult;
import dev.steptrail.tracker.TaskInfo;

/** Runs an agent on a phone. Thread-safe; one task at a time on each phone. */
public interface TaskRunner {
    /** Runs an instruction. A failure is a result; an interruption ends the task as cancelled. */
    RunResult run(OpenPhone phone, String instruction, TaskInfo info, Limits limits, StepListener listener);
}
