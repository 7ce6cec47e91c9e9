package dev.steptrail.insights;

import java.util.List;
import java.util.Map;

/**
 * What somebody should look at in a run.
 *
 * @param kind such as {@code loop}
 * @param steps the numbers that it concerns, in their order, at most {@value #MOST_STEPS}
 * @param detail what else is to be said, by kind: strings, numbers, truth values
 */
public record Finding(String kind, List<Integer> steps, Map<String, Object> detail) {
    public static final int MOST_STEPS = 1000;

    public Finding {
        steps = List.copyOf(steps);
        detail = Map.copyOf(detail);
    }
}
