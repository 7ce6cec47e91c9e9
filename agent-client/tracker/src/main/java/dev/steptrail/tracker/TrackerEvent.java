package dev.steptrail.tracker;

import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.Verdict;

/** An event that the agent's threads queue for the writer thread. Immutable. */
sealed interface TrackerEvent {
    /** Returns the estimated memory of the event's texts and screenshots, in bytes. Must not allocate memory itself. */
    long bytes();

    /** An event of a task that this tracker records. */
    sealed interface OfTask extends TrackerEvent {
        TrackedTask task();
    }

    record Started(TrackedTask task, long bytes) implements OfTask {
        Started(TrackedTask task) {
            this(
                    task,
                    StepData.bytesOf(task.started.description())
                            + StepData.bytesOf(task.started.metadata())
                            + StepData.bytesOf(task.started.experimentCase().attributes()));
        }
    }

    record Recorded(TrackedTask task, int stepNumber, StepData data) implements OfTask {
        @Override
        public long bytes() {
            return data.bytes();
        }
    }

    record Ended(TrackedTask task, TaskEnded record, long bytes) implements OfTask {
        Ended(TrackedTask task, TaskEnded record) {
            this(task, record, StepData.bytesOf(record.message()) + StepData.bytesOf(record.unknown()));
        }
    }

    /** A verdict on a task, which may have been recorded by another tracker. */
    record Judged(Verdict verdict) implements TrackerEvent {
        @Override
        public long bytes() {
            return StepData.bytesOf(verdict.reason());
        }
    }
}
