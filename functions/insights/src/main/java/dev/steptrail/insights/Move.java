package dev.steptrail.insights;

import org.jspecify.annotations.Nullable;

/**
 * A step of a path: what was done, and where to.
 *
 * @param name what the action calls itself
 * @param target the app or the place, such as {@code 499,842}, as {@link Place} reads it; empty where it has none
 * @param durationMs null where the step does not tell
 */
public record Move(
        int stepNumber,
        String name,
        String target,
        @Nullable Long durationMs) {
    /** A model points at the middle of a thing, and each time a little beside it; of a thousand that a screen is wide. */
    private static final int SAME_PLACE = 40;

    /** Whether it is the same step of a path as that one. */
    boolean isLike(Move other) {
        return name.equals(other.name) && (target.equals(other.target) || isNear(other));
    }

    private boolean isNear(Move other) {
        Place here = Place.of(target);
        Place there = Place.of(other.target);
        return here != null && there != null && here.isWithin(SAME_PLACE, there);
    }

    /** As people read it. */
    String told() {
        return target.isEmpty() ? name : name + " " + target;
    }
}
