package dev.steptrail.tracker;

import dev.steptrail.stepformat.TaskEnded;

/** What the agent's threads hand to the writer thread. */
sealed interface TrackerEvent {
    OpenTask task();

    record Started(OpenTask task) implements TrackerEvent {}

    record Recorded(OpenTask task, int stepNumber, StepData data) implements TrackerEvent {}

    record Ended(OpenTask task, TaskEnded record) implements TrackerEvent {}
}
