package dev.steptrail.store.query;

import dev.steptrail.insights.TaskStep;
import dev.steptrail.store.insights.StepScreenHashes.Screen;
import dev.steptrail.store.jdbc.RecordMapper;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a step that a summary needs.
 *
 * @param actionName the name of the action
 * @param actionPlace the coordinates of the action
 * @param endedAt the end of the step, in milliseconds since 1970 by the recorder's clock
 * @param failed the inverse of {@link dev.steptrail.store.model.StepOutcome#SUCCEEDED}; null if unknown
 */
record StepMetrics(
        int stepNumber,
        String stepType,
        @Nullable String actionName,
        @Nullable Long actionHash,
        @Nullable String actionPlace,
        long endedAt,
        @Nullable Long durationMs,
        @Nullable Integer modelMs,
        @Nullable Boolean failed,
        @Nullable String error,
        boolean lostScreenshots,
        boolean hasScreenshot) {
    static final RecordMapper<StepMetrics> ROW = RecordMapper.of(StepMetrics.class);

    boolean hasFailed() {
        return Boolean.TRUE.equals(failed);
    }

    /** Returns the milliseconds between the ends of the previous and this step; 0 if the clock was set back. */
    long intervalAfter(StepMetrics previous) {
        return Math.max(0, endedAt - previous.endedAt);
    }

    /**
     * Returns the milliseconds from the end of the previous step to the start of this one; 0 if they overlap, null if
     * unknown.
     */
    @Nullable
    Long gapAfter(StepMetrics previous) {
        return durationMs == null ? null : Math.max(0, endedAt - durationMs - previous.endedAt);
    }

    /** @param screen the screen before the step; null if it has no screenshot */
    TaskStep toTaskStep(@Nullable Screen screen) {
        return new TaskStep(
                stepNumber,
                actionHash,
                actionName,
                actionPlace,
                screen == null ? null : screen.hash(),
                screen == null ? null : screen.bytes(),
                durationMs,
                modelMs,
                error);
    }
}
