package dev.steptrail.tracker;

import dev.steptrail.stepformat.TaskStarted;
import java.util.UUID;

/** A task that a tracker records, and what was dropped of it. Thread-safe. */
final class OpenTask {
    final TaskStarted started;
    final DropCounts droppedSteps;
    final DropCounts droppedScreenshots;

    OpenTask(TaskStarted started, TrackerCounts all) {
        this.started = started;
        this.droppedSteps = new DropCounts(all.droppedSteps);
        this.droppedScreenshots = new DropCounts(all.droppedScreenshots);
    }

    UUID id() {
        return started.taskId();
    }

    long dropped() {
        return droppedSteps.total() + droppedScreenshots.total();
    }
}
