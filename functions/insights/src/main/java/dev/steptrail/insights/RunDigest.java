package dev.steptrail.insights;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Of a run, what the rules across runs ask. Null is what it does not tell.
 *
 * @param succeeded null where nobody can tell: it runs, or was cancelled
 * @param durationMs from its start to its end
 * @param error of its last step that went wrong, by {@link ErrorText}
 * @param path its first steps that have an action, in their order
 */
public record RunDigest(
        UUID taskId,
        Instant startedAt,
        @Nullable String model,
        @Nullable String appVersion,
        @Nullable Boolean succeeded,
        @Nullable Long durationMs,
        @Nullable String error,
        List<Move> path) {
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
