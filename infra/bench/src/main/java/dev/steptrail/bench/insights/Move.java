package dev.steptrail.bench.insights;

import org.jspecify.annotations.Nullable;

/**
 * A step before it is recorded.
 *
 * @param screen the number of the group's screen that the agent sees before it acts
 * @param millis half of such steps take no longer
 * @param error what went wrong; null where nothing did
 * @param exact whether it takes just that long
 */
record Move(
        PhoneAction action,
        int screen,
        double millis,
        Origin origin,
        @Nullable String error,
        boolean exact) {
    /** Where it comes from. */
    enum Origin {
        /** The way that a task is usually done. */
        USUAL,
        /** That way too, but one action again and again, as on the pages of a guide: no loop, since the screen changes. */
        REPEATED,
        /** A small difference such as runs have. */
        NOISE,
        /** What a run was given on purpose. */
        PLANTED
    }

    Move(PhoneAction action, int screen, Origin origin) {
        this(action, screen, Durations.median(action), origin, null, false);
    }

    Move with(PhoneAction other) {
        return new Move(other, screen, millis, origin, error, exact);
    }

    Move as(Origin other) {
        return new Move(action, screen, millis, other, error, exact);
    }

    Move slower(double times) {
        return new Move(action, screen, millis * times, origin, error, exact);
    }

    /** Just so many times as slow: chance does not make it faster again. */
    Move exactly(double times) {
        return new Move(action, screen, millis * times, origin, error, true);
    }

    Move failing(@Nullable String with) {
        return new Move(action, screen, millis, origin, with, exact);
    }
}
