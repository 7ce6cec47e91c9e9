package dev.steptrail.insights;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a task that the rules across tasks use. Fields are null if unknown.
 *
 * @param instruction the instruction, normalized by {@link InstructionText}
 * @param succeeded null if unknown, because the task has not ended or was cancelled
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

    boolean isFailure() {
        return Boolean.FALSE.equals(succeeded);
    }
}
