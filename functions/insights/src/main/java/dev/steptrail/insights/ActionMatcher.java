package dev.steptrail.insights;

import org.jspecify.annotations.Nullable;

/**
 * Identifies actions of a run that are the same. Actions with a place are the same if they have the same name and their
 * places are near each other. Others must be equal. After {@value #MAX_PLACES} places, actions at new places must be
 * equal too. Not thread-safe.
 */
final class ActionMatcher {
    /**
     * A model that repeats an action points slightly beside the first place. Different touch targets are farther apart.
     */
    private static final int SAME_PLACE = 15;

    private static final int MAX_PLACES = 10_000;

    private final PlaceIndex<Long> places = new PlaceIndex<>(SAME_PLACE);
    private int count;

    /** The last step and its result are cached, because several rules query each step in turn. */
    private int lastStep = -1;

    private @Nullable Long lastResult;

    /** Returns the id of the first action that is the same; null if the step does not act. */
    @Nullable
    Long idOf(RunStep step) {
        if (step.stepNumber() != lastStep) {
            lastResult = step.acts() ? match(step) : null;
            lastStep = step.stepNumber();
        }
        return lastResult;
    }

    private @Nullable Long match(RunStep step) {
        Place place = step.place() == null ? null : Place.of(step.place());
        if (place == null || step.action() == null) {
            return step.action();
        }
        String name = String.valueOf(step.actionName());
        Long known = places.findNearest(name, place);
        if (known != null || count == MAX_PLACES) {
            return known == null ? step.action() : known;
        }
        count++;
        places.add(name, place, step.action());
        return step.action();
    }
}
