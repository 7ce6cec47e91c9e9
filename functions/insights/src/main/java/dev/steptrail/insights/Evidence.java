package dev.steptrail.insights;

import java.util.ArrayList;
import java.util.List;

/** The steps that are evidence of a finding, of which the first {@value Finding#MAX_STEPS} are reported. */
final class Evidence {
    private final List<Integer> steps = new ArrayList<>(1);

    void add(int stepNumber) {
        steps.add(stepNumber);
    }

    /** Returns whether a step follows the last one at a distance of at most {@code maxDistance} steps. */
    boolean isFollowedBy(int stepNumber, int maxDistance) {
        return steps.isEmpty() || stepNumber - steps.get(steps.size() - 1) <= maxDistance;
    }

    int count() {
        return steps.size();
    }

    List<Integer> steps() {
        return steps.stream().limit(Finding.MAX_STEPS).toList();
    }
}
