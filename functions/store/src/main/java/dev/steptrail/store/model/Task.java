package dev.steptrail.store.model;

import dev.steptrail.store.jdbc.RecordMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A row of tasks.
 *
 * @param status {@code running}, {@code succeeded}, {@code failed}, {@code cancelled}, {@code abandoned} or
 *     {@code archived}
 * @param endReason why the task ended; null while it runs
 * @param previousTaskId the task that this task resumed
 * @param startReceived whether task_started has arrived
 * @param startedAt the time of task_started; before it arrives, the earliest time of the task's records
 * @param lastStepNumber the highest number that the recorder assigned to a step, including lost steps; null if unknown
 * @param droppedSteps the number of steps that the recorder dropped
 * @param conflictingSteps the number of steps that arrived again with different data
 * @param revision changes with each change of the task or its steps
 * @param losses a JSON object with the counts of dropped data, by reason
 * @param experiment the experiment that the task is a part of
 * @param caseId the case of the experiment that the task repeats
 * @param repeat the number of the repeat
 * @param attributes a JSON object: what the experiment varies
 * @param tags in alphabetical order
 * @param verdict {@code pass}, {@code fail} or {@code unclear}: the verdict on success that counts; null if there is
 *     none
 * @param verdictSource {@code human} or {@code automatic}; null if there is no verdict
 * @param claimedSuccess whether the agent claims that the task succeeded; null while it runs
 * @param success whether the task counts as successful: by the verdict, else by the claim; null if it runs, or if the
 *     verdict is {@code unclear}
 * @param extraStartFields a JSON object of the unknown fields of task_started
 * @param extraEndFields a JSON object of the unknown fields of task_ended
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
        @Nullable String endReason,
        @Nullable UUID previousTaskId,
        boolean startReceived,
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
        int conflictingSteps,
        boolean keep,
        long revision,
        @Nullable String losses,
        @Nullable String metadata,
        @Nullable String experiment,
        @Nullable String caseId,
        @Nullable Integer repeat,
        @Nullable String attributes,
        List<String> tags,
        @Nullable String verdict,
        @Nullable String verdictSource,
        @Nullable Boolean claimedSuccess,
        @Nullable Boolean success,
        @Nullable String extraStartFields,
        @Nullable String extraEndFields) {
    public static final RecordMapper<Task> ROW = RecordMapper.of(Task.class);

    /**
     * Returns the task as a share link shows it.
     *
     * @param includeDetails whether it has the fields that identify its owner, its device or another task, and fields
     *     of unknown content. Otherwise the owner is empty.
     * @param includeJudgements whether it has its tags, its verdict and the fields of its experiment. Otherwise
     *     {@code success} is what the agent claims.
     */
    public Task shared(boolean includeDetails, boolean includeJudgements) {
        return new Task(
                taskId,
                includeDetails ? owner : "",
                name,
                description,
                agent,
                model,
                includeDetails ? deviceId : null,
                status,
                message,
                endReason,
                includeDetails ? previousTaskId : null,
                startReceived,
                startedAt,
                endedAt,
                lastStepAt,
                lastStepNumber,
                receivedAt,
                totalSteps,
                successfulSteps,
                failedSteps,
                totalDurationMs,
                droppedSteps,
                droppedScreenshots,
                conflictingSteps,
                keep,
                revision,
                includeDetails ? losses : DetailFilter.losses(losses),
                includeDetails ? metadata : null,
                includeJudgements ? experiment : null,
                includeJudgements ? caseId : null,
                includeJudgements ? repeat : null,
                includeJudgements ? attributes : null,
                includeJudgements ? tags : List.of(),
                includeJudgements ? verdict : null,
                includeJudgements ? verdictSource : null,
                claimedSuccess,
                includeJudgements ? success : claimedSuccess,
                includeDetails ? extraStartFields : null,
                includeDetails ? extraEndFields : null);
    }

    /** Returns whether the verdict contradicts the agent's claim; null if there is no claim, or no decided verdict. */
    public @Nullable Boolean disagreement() {
        if (verdict == null || success == null || claimedSuccess == null) {
            return null;
        }
        return !success.equals(claimedSuccess);
    }

    /** Returns the end time, or the time of the last step of a running task; null if there is neither. */
    public @Nullable Instant lastAt() {
        return endedAt != null ? endedAt : lastStepAt;
    }

    /** Returns the milliseconds from the start to {@link #lastAt}; null if unknown or negative. */
    public @Nullable Long elapsedMs() {
        Instant last = lastAt();
        return last == null || last.isBefore(startedAt)
                ? null
                : Duration.between(startedAt, last).toMillis();
    }

    /** Returns the fraction of successful steps among the steps with a known outcome; null if there are none. */
    public @Nullable Double stepSuccessRate() {
        int stepsWithOutcome = successfulSteps + failedSteps;
        return stepsWithOutcome == 0 ? null : (double) successfulSteps / stepsWithOutcome;
    }
}
