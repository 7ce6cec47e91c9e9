package dev.steptrail.insights;

import java.util.List;
import java.util.Map;

/**
 * What to change, and why: there is none without evidence.
 *
 * @param kind such as {@code unknown_app}; it says what to change
 * @param steps the numbers of those that show it, in their order, at least one and at most {@value Finding#MOST_STEPS}
 * @param figures how much of it there is, by kind: strings, numbers
 */
public record Suggestion(String kind, List<Integer> steps, Map<String, Object> figures) {
    public Suggestion {
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("a suggestion has evidence");
        }
        steps = List.copyOf(steps);
        figures = Map.copyOf(figures);
    }
}
