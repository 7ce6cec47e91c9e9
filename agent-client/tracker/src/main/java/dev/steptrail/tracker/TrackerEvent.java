package dev.steptrail.tracker;

import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.Verdict;

/** An event that the agent's threads queue for the writer thread. */
sealed interface TrackerEvent {
    /** Returns the estimated memory of the event's texts and screenshots, in bytes. */
    long bytes();

    /** An event of a task that this tracker records. */
    sealed interface OfTask extends TrackerEvent {
        TrackedTask task();
    }

    record Started(TrackedTask task, long bytes) implements OfTask {}

    record Recorded(TrackedTask task, int stepNumber, StepData data) implements OfTask {
        @Override
        public long bytes() {
            return data.bytes();
        }
    }

    record Ended(TrackedTask task, TaskEnded record, long bytes) implements OfTask {}

    /** A verdict on a task, which may have been recorded by another tracker. */
    record Judged(Verdict verdict, long bytes) implements TrackerEvent {}
}
