package dev.steptrail.insights;

import java.util.List;

/**
 * All rules for a single run. They receive its steps in the order of their numbers. Memory use is limited for different
 * actions and screens, plus a few bytes per step. A run of a million steps at 10,000 places takes 10 MB if all screens
 * differ, and 17 MB without screenshots. Not thread-safe.
 */
public final class RunRules {
    private final ActionMatcher matcher = new ActionMatcher();
    private final List<Rule> rules =
            List.of(new RepeatRule(matcher), new StallRule(matcher), new CycleRule(matcher), new StepSuggestions());

    /** A rule that receives the steps of one run, each once, in the order of their numbers. */
    interface Rule {
        void add(RunStep step);

        default List<Finding> findings() {
            return List.of();
        }

        default List<Suggestion> suggestions() {
            return List.of();
        }
    }

    /** Passes the next step to the rules. */
    public void add(RunStep step) {
        rules.forEach(rule -> rule.add(step));
    }

    /** Returns the problems that were found. */
    public List<Finding> findings() {
        return rules.stream().flatMap(rule -> rule.findings().stream()).toList();
    }

    /** Returns the suggested changes. */
    public List<Suggestion> suggestions() {
        return rules.stream().flatMap(rule -> rule.suggestions().stream()).toList();
    }
}
