package dev.steptrail.insights;

import java.util.List;
import java.util.Map;

/**
 * A suggested change of the agent's setup or instruction, with its evidence.
 *
 * @param kind the suggested change, such as {@code unknown_app}
 * @param steps the numbers of the steps that are evidence, in order, at least one and at most
 *     {@value Finding#MAX_STEPS}
 * @param figures values that depend on the kind: strings, numbers
 */
public record Suggestion(String kind, List<Integer> steps, Map<String, Object> figures) {
    public Suggestion {
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("a suggestion must have at least one step");
        }
        steps = List.copyOf(steps);
        figures = Map.copyOf(figures);
    }
}
