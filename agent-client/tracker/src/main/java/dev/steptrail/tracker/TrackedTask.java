package dev.steptrail.tracker;

import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import dev.steptrail.tracker.internal.outbox.LossCounts;
import dev.steptrail.tracker.internal.outbox.TaskRecorder;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A task that is being recorded, from {@link StepTracker#startTask} to its end. Any number of them may be open at once, one
 * for each phone, say. No method throws, and none waits unless the tracker's {@link Durability} says so.
 *
 * <p>The first of {@link #succeeded}, {@link #failed}, {@link #cancelled} and {@link #end} ends the task; later ones are
 * ignored. {@link #close} ends it as failed if none of them was called.
 *
 * <p>Thread-safe: threads may record steps of the same task, which then get their numbers in the order of the calls.
 */
public final class TrackedTask implements AutoCloseable {
    private final StepTracker tracker;
    final TaskStarted started;
    final LossCounts losses;

    /** Whether the task takes steps. Guarded by the tracker's {@link HandoffQueue}, like {@code lastNumber}. */
    boolean open;

    int lastNumber;

    /** Used by the writer thread alone; null until it has seen the start. */
    @Nullable
    TaskRecorder recorder;

    TrackedTask(StepTracker tracker, TaskStarted started, LossCounts losses) {
        this.tracker = tracker;
        this.started = started;
        this.losses = losses;
    }

    /** The task's id, a UUID of version 7. */
    public UUID id() {
        return started.taskId();
    }

    /**
     * Records the next step.
     *
     * @return its number, which is used up even if the step had to be dropped; 0 if the task has ended, which is counted in
     *     {@link StepTracker#stats}
     */
    public int record(@Nullable StepData step) {
        return tracker.record(this, step);
    }

    /** Ends the task as succeeded: the agent says that it did what it was asked to do. */
    public void succeeded(@Nullable String message) {
        end(TaskStatus.SUCCEEDED, null, message);
    }

    /** Ends the task as failed. */
    public void failed(@Nullable String message) {
        end(TaskStatus.FAILED, null, message);
    }

    /** Ends the task as cancelled: somebody stopped it. */
    public void cancelled(@Nullable String message) {
        end(TaskStatus.CANCELLED, null, message);
    }

    /**
     * Ends the task with a reason.
     *
     * @param status failed if null
     * @param ending the usual one of the status if null
     */
    public void end(@Nullable TaskStatus status, @Nullable Ending ending, @Nullable String message) {
        TaskStatus known = status == null ? TaskStatus.FAILED : status;
        tracker.end(this, known, ending == null ? Ending.of(known) : ending, message);
    }

    /**
     * Ends the task, if it is still open, as failed with the ending {@link Ending#ENDED_WITHOUT_FINISH} and the message
     * "closed without a result": nobody said how it went, and an exception that leaves a {@code try} block is the usual cause.
     */
    @Override
    public void close() {
        failed("closed without a result");
    }
}
