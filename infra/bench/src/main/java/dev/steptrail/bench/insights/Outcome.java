package dev.steptrail.bench.insights;

import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.TaskStatus;
import org.jspecify.annotations.Nullable;

/**
 * How a run ends.
 *
 * @param status null where nothing was recorded of its end
 */
record Outcome(
        @Nullable TaskStatus status,
        @Nullable Ending ending,
        @Nullable String message) {
    static final Outcome DONE = new Outcome(TaskStatus.SUCCEEDED, Ending.FINISHED, "Done.");
    static final Outcome STOPPED = new Outcome(TaskStatus.FAILED, Ending.ENDED_WITHOUT_FINISH, null);
    static final Outcome TOO_LONG = new Outcome(TaskStatus.FAILED, Ending.MAX_STEPS, null);
    static final Outcome CANCELLED = new Outcome(TaskStatus.CANCELLED, Ending.CANCELLED, null);
    static final Outcome ABANDONED = new Outcome(TaskStatus.ABANDONED, Ending.ABANDONED, null);
    static final Outcome UNKNOWN = new Outcome(null, null, null);

    static Outcome failed(@Nullable String error) {
        return error == null ? STOPPED : new Outcome(TaskStatus.FAILED, Ending.ENDED_WITHOUT_FINISH, error);
    }
}
