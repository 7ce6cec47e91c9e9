package dev.steptrail.tracker;

import dev.steptrail.stepformat.TaskEnded;

/** What the agent's threads hand to the writer thread. */
sealed interface TrackerEvent {
    TrackedTask task();

    /** How much memory its texts and screenshots take, approximately. */
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
