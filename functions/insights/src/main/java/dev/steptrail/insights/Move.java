package dev.steptrail.insights;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A step of a path: what was done, and where to. Immutable. */
public final class Move {
    /** A model points at the middle of a thing, and each time a little beside it; of a thousand that a screen is wide. */
    static final int SAME_PLACE = 40;

    private final int stepNumber;
    private final String name;
    private final @Nullable Long durationMs;

    /** Read once, since paths are compared move by move, each with each; and kept instead of its text, since there are many. */
    private final @Nullable Place place;

    /** Null where it is a place. */
    private final @Nullable String otherTarget;

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
        this.durationMs = durationMs;
        this.place = Place.of(target);
        this.otherTarget = place == null ? target : null;
    }

    public int stepNumber() {
        return stepNumber;
    }

    public String name() {
        return name;
    }

    /** A place without zeros that lead. */
    public String target() {
        return place == null ? Objects.requireNonNull(otherTarget) : place.toString();
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
        return name.equals(other.name) && goesWhere(other);
    }

    private boolean goesWhere(Move other) {
        return (place == null || other.place == null)
                ? Objects.equals(otherTarget, other.otherTarget)
                : place.isWithin(SAME_PLACE, other.place);
    }

    /** As people read it. */
    String told() {
        String target = target();
        return target.isEmpty() ? name : name + " " + target;
    }
}
