package dev.steptrail.insights;

import org.jspecify.annotations.Nullable;

/**
 * Which actions of a run are the same: those at places near each other, by their name, and of those without a place the ones that are the same as
 * a whole. Of more than {@value #MOST} places, each other one is the same only if the whole action is. Not thread-safe.
 */
final class SameActions {
    /** A model that wants the same thing again points a little beside; two things to touch are farther from each other. */
    private static final int SAME_PLACE = 15;

    private static final int MOST = 10_000;

    private final Nearby<Long> places = new Nearby<>(SAME_PLACE);
    private int count;

    /** The number of the step asked of last: several rules ask it of each, one after the other. */
    private int asked = -1;

    private @Nullable Long answer;

    /** The number of the first action that it is the same as, which may be its own; null where the step does not act. */
    @Nullable
    Long of(RunStep step) {
        if (step.stepNumber() != asked) {
            answer = step.acts() ? same(step) : null;
            asked = step.stepNumber();
        }
        return answer;
    }

    private @Nullable Long same(RunStep step) {
        Place place = step.place() == null ? null : Place.of(step.place());
        if (place == null || step.action() == null) {
            return step.action();
        }
        String name = String.valueOf(step.actionName());
        Long known = places.find(name, place);
        if (known != null || count == MOST) {
            return known == null ? step.action() : known;
        }
        count++;
        places.add(name, place, step.action());
        return step.action();
    }
}
