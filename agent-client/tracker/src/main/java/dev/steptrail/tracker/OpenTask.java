package dev.steptrail.tracker;

import dev.steptrail.stepformat.TaskStarted;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** The task that a tracker records now: its step numbers and what was dropped of it. Thread-safe. */
final class OpenTask {
    final TaskStarted started;
    final DropCounts droppedSteps;
    final DropCounts droppedScreenshots;
    private final AtomicInteger lastNumber = new AtomicInteger();

    OpenTask(TaskStarted started, DropCounts allDroppedSteps, DropCounts allDroppedScreenshots) {
        this.started = started;
        this.droppedSteps = new DropCounts(allDroppedSteps);
        this.droppedScreenshots = new DropCounts(allDroppedScreenshots);
    }

    UUID id() {
        return started.taskId();
    }

    /** Taken for a step that will be dropped, too: its gap shows that something is missing. */
    int nextStepNumber() {
        return lastNumber.incrementAndGet();
    }

    int lastStepNumber() {
        return lastNumber.get();
    }

    long dropped() {
        return droppedSteps.total() + droppedScreenshots.total();
    }
}
