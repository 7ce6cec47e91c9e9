package dev.steptrail.tracker;

import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.tracker.internal.outbox.LossCounts;
import dev.steptrail.tracker.internal.outbox.TaskRecorder;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A task that is being recorded, from {@link StepTracker#startTask} to its end. Any number of tasks may be open at
 * once, for example one for each phone. No method throws, and none waits unless the tracker's {@link Durability}
 * requires it.
 *
 * <p>The first of {@link #succeeded}, {@link #failed}, {@link #cancelled} and {@link #end} ends the task; later calls
 * are ignored. {@link #close} ends it as failed if none of them was called.
 *
 * <p>Thread-safe. Steps recorded by several threads are numbered in the order of the calls.
 */
public final class TrackedTask implements AutoCloseable {
    private static final int MAX_OUTCOME = 100;

    private final StepTracker tracker;
    final TaskStarted started;
    final LossCounts losses;

    /** Whether the task accepts steps. Guarded by the tracker's {@link HandoffQueue}, like {@code lastNumber}. */
    boolean open;

    int lastNumber;

    /** Used by the writer thread alone; null before it handles the start and after it handles the end. */
    @Nullable
    TaskRecorder recorder;

    TrackedTask(StepTracker tracker, TaskStarted started, LossCounts losses) {
        this.tracker = tracker;
        this.started = started;
        this.losses = losses;
    }

    /** Returns the task's id, a UUID of version 7. */
    public UUID id() {
        return started.taskId();
    }

    /**
     * Records the next step.
     *
     * @return the step's number, which is consumed even if the step is dropped; 0 if the task is not open, in which
     *     case the step is counted as dropped in {@link StepTracker#stats}
     */
    public int record(@Nullable StepData step) {
        return tracker.record(this, step);
    }

    /**
     * Records an automatic verdict on this task, before or after its end.
     *
     * @return false if the verdict is invalid or was dropped, which {@link StepTracker#stats} counts
     */
    public boolean judge(@Nullable VerdictData verdict) {
        return tracker.judge(id(), verdict);
    }

    /** Ends the task as succeeded: the agent reports that it completed the task. */
    public void succeeded(@Nullable String message) {
        end(TaskStatus.SUCCEEDED, null, message);
    }

    /** Ends the task as failed. */
    public void failed(@Nullable String message) {
        end(TaskStatus.FAILED, null, message);
    }

    /** Ends the task as cancelled by a user or program. */
    public void cancelled(@Nullable String message) {
        end(TaskStatus.CANCELLED, null, message);
    }

    /**
     * Ends the task.
     *
     * @param status the status; failed if null
     * @param endReason the reason for the end; the default of the status if null
     */
    public void end(@Nullable TaskStatus status, @Nullable EndReason endReason, @Nullable String message) {
        end(status, endReason, message, null);
    }

    /**
     * Ends the task, with a name of its outcome.
     *
     * @param status the status; failed if null
     * @param endReason the reason for the end; the default of the status if null
     * @param outcome how the task ended in the agent's own terms, such as {@code device_lost}, recorded as
     *     {@code x_outcome}. Truncated to 100 characters; not redacted
     */
    public void end(
            @Nullable TaskStatus status,
            @Nullable EndReason endReason,
            @Nullable String message,
            @Nullable String outcome) {
        TaskStatus ended = status == null ? TaskStatus.FAILED : status;
        EndReason reason = endReason == null ? EndReason.defaultFor(ended) : endReason;
        String name = StepData.truncateName(outcome, MAX_OUTCOME);
        tracker.end(this, ended, reason, message, name == null ? Map.of() : Map.of("x_outcome", name));
    }

    /**
     * Ends the task, if it is still open, as failed with {@link EndReason#ENDED_WITHOUT_FINISH} and the message "closed
     * without a result". The usual cause is an exception that leaves the {@code try} block.
     */
    @Override
    public void close() {
        failed("closed without a result");
    }
}
