package dev.steptrail.insights;

import java.util.List;
import java.util.Map;

/**
 * A problem that was detected in a task, or a suggested change of the agent's setup or instruction, with its evidence.
 *
 * @param kind such as {@code loop} or {@code unknown_app}
 * @param steps the numbers of the steps that are evidence, in order, at least one and at most {@value #MAX_STEPS}
 * @param figures values that depend on the kind: strings, numbers
 */
public record Finding(String kind, List<Integer> steps, Map<String, Object> figures) {
    public static final int MAX_STEPS = 1000;

    public Finding {
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("a finding must have at least one step");
        }
        steps = List.copyOf(steps);
        figures = Map.copyOf(figures);
    }
}
