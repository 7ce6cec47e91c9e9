package dev.steptrail.insights;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a task that the rules across tasks use. Fields are null if unknown.
 *
 * @param instruction the instruction, normalized by {@link InstructionText}
 * @param succeeded by the verdict that counts, else by the agent's claim; null if unknown: the verdict is
 *     {@code unclear}, or there is none and the task has not ended or was cancelled
 * @param claimedSuccess what the agent claims; null if the task has not ended
 * @param verdict the verdict that counts: {@code pass}, {@code fail} or {@code unclear}; null if there is none
 * @param durationMs the time from start to end
 * @param error the error of the last failed step, normalized by {@link ErrorText}
 * @param lastScreen the last screenshot before an action
 * @param isComplete false if steps are known to be missing
 * @param path the first steps that have an action, in order
 */
public record TaskDigest(
        UUID taskId,
        String instruction,
        Instant startedAt,
        @Nullable String model,
        @Nullable String appVersion,
        @Nullable Boolean succeeded,
        @Nullable Boolean claimedSuccess,
        @Nullable String verdict,
        @Nullable Long durationMs,
        @Nullable String error,
        @Nullable LastScreen lastScreen,
        boolean isComplete,
        List<Move> path) {
    /**
     * The last screenshot before an action.
     *
     * @param stepNumber the step of the screenshot
     * @param hash the perceptual hash of the screenshot
     */
    public record LastScreen(int stepNumber, long hash) {}

    public TaskDigest {
        path = List.copyOf(path);
    }

    boolean isSuccess() {
        return Boolean.TRUE.equals(succeeded);
    }

    /** Returns whether the agent claims success. */
    boolean isClaimedSuccess() {
        return Boolean.TRUE.equals(claimedSuccess);
    }

    /** Returns whether a verdict decides that the task succeeded or failed. */
    boolean isVerified() {
        return verdict != null && succeeded != null;
    }

    boolean isFailure() {
        return Boolean.FALSE.equals(succeeded);
    }
}
