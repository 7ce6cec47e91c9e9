package dev.steptrail.insights;

import java.util.List;
import java.util.Map;

/**
 * A problem that was detected in a task.
 *
 * @param kind such as {@code loop}
 * @param steps the numbers of the steps that are evidence, in order, at most {@value #MAX_STEPS}
 * @param detail further values, depending on the kind: strings, numbers, booleans
 */
public record Finding(String kind, List<Integer> steps, Map<String, Object> detail) {
    public static final int MAX_STEPS = 1000;

    public Finding {
        steps = List.copyOf(steps);
        detail = Map.copyOf(detail);
    }
}
