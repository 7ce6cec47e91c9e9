package dev.steptrail.insights;

import org.jspecify.annotations.Nullable;

/** A step of a path: what was done, and where to. Immutable. */
public final class Move {
    /** A model points at the middle of a thing, and each time a little beside it; of a thousand that a screen is wide. */
    static final int SAME_PLACE = 40;

    private final int stepNumber;
    private final String name;
    private final String target;
    private final @Nullable Long durationMs;

    /** Read once, since paths are compared move by move, each with each. */
    private final @Nullable Place place;

    /**
     * One.
     *
     * @param name what the action calls itself
     * @param target the app or the place, such as {@code 499,842}, as {@link Place} reads it; empty where it has none
     * @param durationMs null where the step does not tell
     */
    public Move(int stepNumber, String name, String target, @Nullable Long durationMs) {
        this.stepNumber = stepNumber;
        this.name = name;
        this.target = target;
        this.durationMs = durationMs;
        this.place = Place.of(target);
    }

    public int stepNumber() {
        return stepNumber;
    }

    public String name() {
        return name;
    }

    public String target() {
        return target;
    }

    public @Nullable Long durationMs() {
        return durationMs;
    }

    /** Null where its target is none. */
    @Nullable
    Place place() {
        return place;
    }

    /** Whether it is the same step of a path as that one. */
    boolean isLike(Move other) {
        return name.equals(other.name) && (target.equals(other.target) || isNear(other));
    }

    private boolean isNear(Move other) {
        return place != null && other.place != null && place.isWithin(SAME_PLACE, other.place);
    }

    /** As people read it. */
    String told() {
        return target.isEmpty() ? name : name + " " + target;
    }
}
