package dev.steptrail.tracker;

import dev.steptrail.stepformat.TaskEnded;

/** What the agent's threads hand to the writer thread. */
sealed interface TrackerEvent {
    OpenTask task();

    record Started(OpenTask task) implements TrackerEvent {}

    /**
     * A step.
     *
     * @param refusedPictures how many of its pictures there was no room for
     */
    record Recorded(OpenTask task, int stepNumber, StepData data, int refusedPictures) implements TrackerEvent {}

    record Ended(OpenTask task, TaskEnded record) implements TrackerEvent {}
}
