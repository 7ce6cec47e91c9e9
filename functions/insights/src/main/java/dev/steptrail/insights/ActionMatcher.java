package dev.steptrail.insights;

import org.jspecify.annotations.Nullable;

/**
 * Assigns ids to the actions of a task, and the same id to similar actions. Actions with a place are similar if their
 * names are equal and their places are close together. Other actions share an id only if they are equal. Not
 * thread-safe.
 */
final class ActionMatcher {
    /** The maximum distance of similar actions: repeated touches differ slightly, and different targets differ more. */
    private static final int MAX_DISTANCE = 15;

    private final PlaceIndex<Long> places = new PlaceIndex<>(MAX_DISTANCE);

    /** The last step and its result are cached, because several rules query each step in turn. */
    private int lastStep = -1;

    private @Nullable Long lastId;

    /** Returns the id of the step's action; null if the step has no device action. */
    @Nullable
    Long idOf(TaskStep step) {
        if (step.stepNumber() != lastStep) {
            lastId = step.hasDeviceAction() ? match(step) : null;
            lastStep = step.stepNumber();
        }
        return lastId;
    }

    private @Nullable Long match(TaskStep step) {
        Place place = step.place() == null ? null : Place.parse(step.place());
        if (place == null || step.action() == null) {
            return step.action();
        }
        String name = String.valueOf(step.actionName());
        Long nearest = places.findNearest(name, place);
        if (nearest != null) {
            return nearest;
        }
        places.add(name, place, step.action());
        return step.action();
    }
}
