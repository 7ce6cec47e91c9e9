package dev.steptrail.tracker;

import dev.steptrail.stepformat.TaskStarted;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** The task that a tracker records now: its step numbers and what was dropped of it. Thread-safe. */
final class OpenTask {
    private static final int ENDED = Integer.MIN_VALUE;

    final TaskStarted started;
    final DropCounts droppedSteps;
    final DropCounts droppedScreenshots;

    /** With the sign bit set once the task has ended, so that no number is taken after the last one was told. */
    private final AtomicInteger lastNumber = new AtomicInteger();

    OpenTask(TaskStarted started, DropCounts allDroppedSteps, DropCounts allDroppedScreenshots) {
        this.started = started;
        this.droppedSteps = new DropCounts(allDroppedSteps);
        this.droppedScreenshots = new DropCounts(allDroppedScreenshots);
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
        int last = lastNumber.getAndUpdate(number -> number < 0 ? number : number + 1);
        return last < 0 ? 0 : last + 1;
    }

    /** Takes no more steps; returns the number of the last one. */
    int end() {
        return lastNumber.getAndUpdate(number -> number | ENDED) & ~ENDED;
    }

    long dropped() {
        return droppedSteps.total() + droppedScreenshots.total();
    }
}
