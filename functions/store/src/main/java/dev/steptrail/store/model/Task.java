package dev.steptrail.store.model;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of tasks: a run of an agent, and how it went so far.
 *
 * @param status {@code running}, {@code succeeded}, {@code failed}, {@code cancelled}, {@code abandoned} or {@code archived}
 * @param ending why it ended; null while it runs
 * @param continues the task that this one took up again
 * @param announced whether its task_started has arrived
 * @param startedAt when it began; until that is known, the earliest time among its records
 * @param lastStepNumber the highest number that was given to a step, lost ones included; known once the task has ended
 * @param receivedAt when anything new of it last reached the database
 * @param droppedSteps what the recorder had to drop
 * @param conflicts steps that came again and differed
 * @param losses JSON: what was dropped, by reason
 * @param metadata JSON, as the caller gave it
 * @param startedFields JSON: fields of task_started that version 1 of the format does not know
 * @param endedFields JSON: likewise of task_ended
 */
public record Task(
        UUID taskId,
        String owner,
        @Nullable String name,
        @Nullable String description,
        @Nullable String agent,
        @Nullable String model,
        @Nullable String deviceId,
        String status,
        @Nullable String message,
        @Nullable String ending,
        @Nullable UUID continues,
        boolean announced,
        Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable Instant lastStepAt,
        @Nullable Integer lastStepNumber,
        Instant receivedAt,
        int totalSteps,
        int successfulSteps,
        int failedSteps,
        long totalDurationMs,
        long droppedSteps,
        long droppedScreenshots,
        int conflicts,
        boolean keep,
        @Nullable String losses,
        @Nullable String metadata,
        @Nullable String startedFields,
        @Nullable String endedFields) {

    /** When it ended, or its last step while it runs; null where there is neither. */
    public @Nullable Instant lastAt() {
        return endedAt != null ? endedAt : lastStepAt;
    }

    /** From its start to {@link #lastAt}, in milliseconds; null where that is not known, or earlier, as where a clock was set. */
    public @Nullable Long elapsedMs() {
        Instant last = lastAt();
        return last == null || last.isBefore(startedAt)
                ? null
                : Duration.between(startedAt, last).toMillis();
    }

    /** How many went well of those steps of which somebody can tell; null where there are none. */
    public @Nullable Double successRate() {
        int judged = successfulSteps + failedSteps;
        return judged == 0 ? null : (double) successfulSteps / judged;
    }
}
