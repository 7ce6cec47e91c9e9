package dev.steptrail.insights;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Of a run, what the rules across runs ask. Null is what it does not tell.
 *
 * @param taskText what was asked for, by {@link TaskText}
 * @param succeeded null where nobody can tell: it runs, or was cancelled
 * @param durationMs from its start to its end
 * @param error of its last step that went wrong, by {@link ErrorText}
 * @param lastScreen what the agent saw last before it acted
 * @param isWhole whether all of its steps arrived, as far as is known
 * @param path its first steps that have an action, in their order
 */
public record RunDigest(
        UUID taskId,
        String taskText,
        Instant startedAt,
        @Nullable String model,
        @Nullable String appVersion,
        @Nullable Boolean succeeded,
        @Nullable Long durationMs,
        @Nullable String error,
        @Nullable LastScreen lastScreen,
        boolean isWhole,
        List<Move> path) {
    /**
     * The last screen of a run.
     *
     * @param stepNumber of the step before which it was seen
     * @param hash its perceptual hash
     */
    public record LastScreen(int stepNumber, long hash) {}

    public RunDigest {
        path = List.copyOf(path);
    }

    boolean isSuccess() {
        return Boolean.TRUE.equals(succeeded);
    }

    boolean isFailure() {
        return Boolean.FALSE.equals(succeeded);
    }
}
