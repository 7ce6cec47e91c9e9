package dev.steptrail.store.query;

import dev.steptrail.insights.TaskStep;
import dev.steptrail.store.insights.StepScreens.Screen;
import dev.steptrail.store.jdbc.RecordMapper;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a step that a summary needs.
 *
 * @param actionName the name of its action
 * @param actionPlace the coordinates of its action
 * @param endedAt milliseconds since 1970, by the recorder's clock: a step's timestamp is the time of its end
 * @param failed by {@link dev.steptrail.store.model.StepOutcome}; null if unknown
 * @param hasScreenshot whether it has a screenshot
 */
record StepFigure(
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
    static final RecordMapper<StepFigure> ROW = RecordMapper.of(StepFigure.class);

    boolean hasFailed() {
        return Boolean.TRUE.equals(failed);
    }

    /** Returns the milliseconds from the end of that step to the end of this one, 0 if the clock was set back. */
    long intervalAfter(StepFigure before) {
        return Math.max(0, endedAt - before.endedAt);
    }

    /**
     * Returns the milliseconds from the end of that step to the start of this one, 0 if they overlap; null if unknown.
     */
    @Nullable
    Long gapAfter(StepFigure before) {
        return durationMs == null ? null : Math.max(0, endedAt - durationMs - before.endedAt);
    }

    /** @param screen the screen before the step; null if it has no screenshot */
    TaskStep toRunStep(@Nullable Screen screen) {
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
