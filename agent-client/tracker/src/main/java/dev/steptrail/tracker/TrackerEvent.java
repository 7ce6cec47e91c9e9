package dev.steptrail.tracker;

import dev.steptrail.stepformat.TaskEnded;

/** An event that the agent's threads queue for the writer thread. */
sealed interface TrackerEvent {
    TrackedTask task();

    /** Returns the estimated memory of the event's texts and screenshots, in bytes. */
    long bytes();

    record Started(TrackedTask task, long bytes) implements TrackerEvent {}

    record Recorded(TrackedTask task, int stepNumber, StepData data) implements TrackerEvent {
        @Override
        public long bytes() {
            return data.bytes();
        }
    }

    record Ended(TrackedTask task, TaskEnded record, long bytes) implements TrackerEvent {}
}
