package dev.steptrail.insights;

import java.util.List;

/**
 * Applies all rules for a single task. Not thread-safe. Memory grows with the number of steps, which the caller must
 * limit.
 */
public final class TaskRules {
    private final ActionMatcher matcher = new ActionMatcher();
    private final List<Rule> rules =
            List.of(new RepeatRule(matcher), new StallRule(matcher), new CycleRule(matcher), new StepSuggestions());

    interface Rule {
        /** Adds the next step. Steps must be added once each, in the order of their numbers. */
        void add(TaskStep step);

        default List<Finding> findings() {
            return List.of();
        }

        default List<Finding> suggestions() {
            return List.of();
        }
    }

    /** Adds the next step. Steps must be added once each, in the order of their numbers. */
    public void add(TaskStep step) {
        rules.forEach(rule -> rule.add(step));
    }

    /** Returns the problems that were detected in the steps so far. */
    public List<Finding> findings() {
        return rules.stream().flatMap(rule -> rule.findings().stream()).toList();
    }

    /** Returns the changes that the steps so far suggest. */
    public List<Finding> suggestions() {
        return rules.stream().flatMap(rule -> rule.suggestions().stream()).toList();
    }
}
