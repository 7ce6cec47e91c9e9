package dev.steptrail.insights.history;

import org.jspecify.annotations.Nullable;

/**
 * A step before it is recorded.
 *
 * @param screen the number of the group's screen that the agent sees before it acts
 * @param millis the median duration of such steps
 * @param error null for a step that succeeds
 * @param exact whether the step takes exactly {@code millis}
 */
record PlannedStep(
        Action action,
        int screen,
        double millis,
        Origin origin,
        @Nullable String error,
        boolean exact) {
    /** Why the step is in the run. */
    enum Origin {
        USUAL,
        /** On the usual path, one action several times on different screens, such as "Next" in a guide: no loop. */
        REPEATED,
        NOISE,
        PLANTED
    }

    PlannedStep(Action action, int screen, Origin origin) {
        this(action, screen, action.medianMillis(), origin, null, false);
    }

    PlannedStep with(Action other) {
        return new PlannedStep(other, screen, millis, origin, error, exact);
    }

    PlannedStep as(Origin other) {
        return new PlannedStep(action, screen, millis, other, error, exact);
    }

    PlannedStep slower(double factor, boolean exactly) {
        return new PlannedStep(action, screen, millis * factor, origin, error, exactly);
    }

    PlannedStep failing(@Nullable String with) {
        return new PlannedStep(action, screen, millis, origin, with, exact);
    }
}
