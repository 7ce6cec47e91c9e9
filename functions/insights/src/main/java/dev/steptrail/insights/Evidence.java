package dev.steptrail.insights;

import java.util.ArrayList;
import java.util.List;

/** Steps that show something: all are counted, the first {@value Finding#MOST_STEPS} kept. */
final class Evidence {
    private final List<Integer> steps = new ArrayList<>();
    private int count;

    void add(int stepNumber) {
        count++;
        if (steps.size() < Finding.MOST_STEPS) {
            steps.add(stepNumber);
        }
    }

    int count() {
        return count;
    }

    List<Integer> steps() {
        return steps;
    }
}
