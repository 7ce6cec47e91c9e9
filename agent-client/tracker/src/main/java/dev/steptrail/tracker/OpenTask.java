package dev.steptrail.tracker;

import dev.steptrail.stepformat.TaskStarted;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** The task that a tracker records now: its step numbers and what was dropped of it. Thread-safe. */
final class OpenTask {
    private static final long ENDED = Long.MIN_VALUE;

    final TaskStarted started;
    final DropCounts droppedSteps;
    final DropCounts droppedScreenshots;

    /** Below zero once the task has ended, so that no number is taken after the last one was told. */
    private final AtomicLong lastNumber = new AtomicLong();

    OpenTask(TaskStarted started, TrackerCounts all) {
        this.started = started;
        this.droppedSteps = new DropCounts(all.droppedSteps);
        this.droppedScreenshots = new DropCounts(all.droppedScreenshots);
    }

    UUID id() {
        return started.taskId();
    }

    /**
     * Takes the next number, for a step that will be dropped, too: its gap shows that something is missing.
     *
     * @return 0 if the task has ended
     */
    int nextStepNumber() {
        long number = lastNumber.incrementAndGet();
        return number < 0 ? 0 : (int) number;
    }

    /** Takes no more steps, once; returns the number of the last one. */
    int end() {
        return (int) lastNumber.getAndAdd(ENDED);
    }

    long dropped() {
        return droppedSteps.total() + droppedScreenshots.total();
    }
}
