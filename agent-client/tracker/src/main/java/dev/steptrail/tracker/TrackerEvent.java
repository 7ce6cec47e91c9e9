package dev.steptrail.tracker;

import dev.steptrail.stepformat.TaskEnded;
import java.util.concurrent.CompletableFuture;

/** What the agent's threads hand to the writer thread. */
sealed interface TrackerEvent {
    /** Something to be written. */
    sealed interface OfTask extends TrackerEvent {
        OpenTask task();
    }

    record Started(OpenTask task) implements OfTask {}

    /**
     * A step.
     *
     * @param refusedPictures how many of its pictures there was no room for
     */
    record Recorded(OpenTask task, int stepNumber, StepData data, int refusedPictures) implements OfTask {}

    record Ended(OpenTask task, TaskEnded record) implements OfTask {}

    /** Completed once everything that was handed over before it is written or counted. */
    record Flush(CompletableFuture<Void> done) implements TrackerEvent {}
}
