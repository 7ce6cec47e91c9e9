package dev.steptrail.tracker;

import dev.steptrail.stepformat.TaskEnded;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** What the agent's threads hand to the writer thread. */
sealed interface TrackerEvent {
    record Started(OpenTask task) implements TrackerEvent {}

    record Recorded(OpenTask task, int stepNumber, Instant timestamp, StepData data) implements TrackerEvent {}

    record Ended(OpenTask task, TaskEnded record) implements TrackerEvent {}

    /** Completed once everything that was handed over before it is written or counted. */
    record Flush(CompletableFuture<Void> done) implements TrackerEvent {}
}
