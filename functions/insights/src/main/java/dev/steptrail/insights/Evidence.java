package dev.steptrail.insights;

import java.util.Arrays;
import java.util.List;

/**
 * The steps that are evidence of a finding. Counts all steps and stores the numbers of the first
 * {@value Finding#MAX_STEPS}. Allocates no array for a single step, because most instances have only one step.
 */
final class Evidence {
    private static final int[] NONE = {};

    private int firstStep;
    private int lastStep;
    private int[] furtherSteps = NONE;
    private int count;

    void add(int stepNumber) {
        if (count == 0) {
            firstStep = stepNumber;
        } else if (count < Finding.MAX_STEPS) {
            if (count > furtherSteps.length) {
                furtherSteps = Arrays.copyOf(furtherSteps, Math.min(2 * count, Finding.MAX_STEPS - 1));
            }
            furtherSteps[count - 1] = stepNumber;
        }
        lastStep = stepNumber;
        count++;
    }

    /** Returns whether a step follows the last one at a distance of at most {@code maxDistance} steps. */
    boolean isFollowedBy(int stepNumber, int maxDistance) {
        return count == 0 || stepNumber - lastStep <= maxDistance;
    }

    int count() {
        return count;
    }

    List<Integer> steps() {
        Integer[] steps = new Integer[Math.min(count, Finding.MAX_STEPS)];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = i == 0 ? firstStep : furtherSteps[i - 1];
        }
        return List.of(steps);
    }
}
