package dev.steptrail.store.query;

import dev.steptrail.store.model.StepOutcome;
import org.jspecify.annotations.Nullable;

/**
 * Of a step, what a summary counts.
 *
 * @param action what its action calls itself
 * @param endedAt milliseconds since 1970, by the recorder's clock: a step's timestamp is when it was over
 * @param failed whether it went wrong, by {@link StepOutcome}
 * @param unknown whether nobody can tell how it went
 */
record StepFigure(
        int stepNumber,
        String stepType,
        @Nullable String action,
        long endedAt,
        @Nullable Long durationMs,
        @Nullable Integer modelMs,
        boolean failed,
        boolean unknown) {

    /** How long after the end of that step this one ended, 0 if the clock says earlier. */
    long intervalAfter(StepFigure before) {
        return Math.max(0, endedAt - before.endedAt);
    }

    /** How long after the end of that step this one began, 0 if they overlap; null where this one does not tell. */
    @Nullable
    Long gapAfter(StepFigure before) {
        return durationMs == null ? null : Math.max(0, endedAt - durationMs - before.endedAt);
    }
}
