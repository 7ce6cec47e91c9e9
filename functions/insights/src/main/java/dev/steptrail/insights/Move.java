package dev.steptrail.insights;

import org.jspecify.annotations.Nullable;

/**
 * A step of a path: what was done, and where to.
 *
 * @param name what the action calls itself
 * @param target the app or the place, such as {@code 499,842}; empty where it has none
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
        int[] here = place();
        int[] there = other.place();
        return here.length == 2
                && there.length == 2
                && Math.abs(here[0] - there[0]) <= SAME_PLACE
                && Math.abs(here[1] - there[1]) <= SAME_PLACE;
    }

    /** Empty if the target is none. */
    private int[] place() {
        int comma = target.indexOf(',');
        return comma < 0 || !target.matches("[0-9]{1,5},[0-9]{1,5}")
                ? new int[0]
                : new int[] {
                    Integer.parseInt(target, 0, comma, 10), Integer.parseInt(target, comma + 1, target.length(), 10)
                };
    }

    /** As people read it. */
    String told() {
        return target.isEmpty() ? name : name + " " + target;
    }
}
