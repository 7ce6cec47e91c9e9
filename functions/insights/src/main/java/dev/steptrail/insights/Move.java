package dev.steptrail.insights;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A step of a path: an action and its target. Immutable. */
public final class Move {
    /** In thousandths of the screen. A model points at the middle of an element, but not always at the same point. */
    static final int SAME_PLACE = 40;

    private final int stepNumber;
    private final String name;
    private final @Nullable Long durationMs;

    /** Parsed once, because each move is compared with many. Replaces the text to save memory. */
    private final @Nullable Place place;

    /** The target if it is not a place; else null. */
    private final @Nullable String otherTarget;

    /**
     * Creates a move.
     *
     * @param name the name of the action
     * @param target the app, or the place in the format of {@link Place}, such as {@code 499,842}; empty if there is
     *     none
     * @param durationMs null if unknown
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

    /** Returns the target; a place is without leading zeros. */
    public String target() {
        return place == null ? Objects.requireNonNull(otherTarget) : place.toString();
    }

    public @Nullable Long durationMs() {
        return durationMs;
    }

    /** Returns the place; null if the target is not a place. */
    @Nullable
    Place place() {
        return place;
    }

    /** Returns whether this is the same step of a path as {@code other}. */
    boolean isLike(Move other) {
        return name.equals(other.name) && hasSameTarget(other);
    }

    private boolean hasSameTarget(Move other) {
        return (place == null || other.place == null)
                ? Objects.equals(otherTarget, other.otherTarget)
                : place.isWithin(SAME_PLACE, other.place);
    }

    /** Returns the move as text for people. */
    String text() {
        String target = target();
        return target.isEmpty() ? name : name + " " + target;
    }
}
