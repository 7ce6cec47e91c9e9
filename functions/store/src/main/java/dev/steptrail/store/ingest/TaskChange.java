package dev.steptrail.store.ingest;

import dev.steptrail.store.model.StoredStep;
import java.time.Instant;
import java.util.Collection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a batch adds to a task's counters. */
record TaskChange(
        UUID taskId,
        int totalSteps,
        int successfulSteps,
        int failedSteps,
        long totalDurationMs,
        @Nullable Instant lastStepAt,
        int conflicts) {

    static TaskChange of(UUID taskId, Collection<TaskArrivals.Arrival> newSteps, int conflicts) {
        int successful = 0;
        int failed = 0;
        long duration = 0;
        Instant last = null;
        for (TaskArrivals.Arrival arrival : newSteps) {
            StoredStep step = arrival.row();
            successful += Boolean.TRUE.equals(step.wentWell()) ? 1 : 0;
            failed += Boolean.FALSE.equals(step.wentWell()) ? 1 : 0;
            duration += step.durationMs() == null ? 0 : step.durationMs();
            last = last == null || step.createdAt().isAfter(last) ? step.createdAt() : last;
        }
        return new TaskChange(taskId, newSteps.size(), successful, failed, duration, last, conflicts);
    }

    boolean isNothing() {
        return totalSteps == 0 && conflicts == 0;
    }
}
