package dev.steptrail.insights;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A step of a task's path: the name and target of an action. Immutable. */
public final class Move {
    /** The maximum distance of similar places, in thousandths of the screen. Models touch elements imprecisely. */
    static final int MAX_DISTANCE = 40;

    private final int stepNumber;
    private final String name;
    private final @Nullable Long durationMs;

    /** Parsed once, because a move is compared with many others. Replaces the target's text, to save memory. */
    private final @Nullable Place place;

    /** The target as text; null if it is a place. */
    private final @Nullable String otherTarget;

    /**
     * Creates a move.
     *
     * @param name the name of the action
     * @param target an app, or a place such as {@code 499,842} (see {@link Place}); empty if there is none
     * @param durationMs null if unknown
     */
    public Move(int stepNumber, String name, String target, @Nullable Long durationMs) {
        this.stepNumber = stepNumber;
        this.name = name;
        this.durationMs = durationMs;
        this.place = Place.parse(target);
        this.otherTarget = place == null ? target : null;
    }

    public int stepNumber() {
        return stepNumber;
    }

    public String name() {
        return name;
    }

    /** Returns the target. The numbers of a place have no leading zeros. */
    public String target() {
        return place == null ? Objects.requireNonNull(otherTarget) : place.toString();
    }

    public @Nullable Long durationMs() {
        return durationMs;
    }

    @Nullable
    Place place() {
        return place;
    }

    /** Returns whether both moves have the same action and the same or a nearby target. Not transitive. */
    boolean isSimilar(Move other) {
        return name.equals(other.name) && hasSameTarget(other);
    }

    private boolean hasSameTarget(Move other) {
        return (place == null || other.place == null)
                ? Objects.equals(otherTarget, other.otherTarget)
                : place.isWithin(MAX_DISTANCE, other.place);
    }

    String text() {
        String target = target();
        return target.isEmpty() ? name : name + " " + target;
    }
}
