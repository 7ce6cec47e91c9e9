package dev.steptrail.insights;

import java.util.List;

/**
 * All rules of one run: shown its steps in the order of their numbers, they tell what was found. Takes memory for each different action and screen
 * up to a limit, and a few bytes a step: a run of a million steps at 10,000 places takes 10 MB if each sees another screen, 17 MB if none is seen.
 * Not thread-safe.
 */
public final class RunRules {
    private final SameActions same = new SameActions();
    private final List<Rule> rules =
            List.of(new RepeatRule(same), new StallRule(same), new CycleRule(same), new StepSuggestions());

    /** Looks at the steps of one run, in the order of their numbers, each once. */
    interface Rule {
        void add(RunStep step);

        default List<Finding> findings() {
            return List.of();
        }

        default List<Suggestion> suggestions() {
            return List.of();
        }
    }

    /** Shows them the next step. */
    public void add(RunStep step) {
        rules.forEach(rule -> rule.add(step));
    }

    /** What somebody should look at. */
    public List<Finding> findings() {
        return rules.stream().flatMap(rule -> rule.findings().stream()).toList();
    }

    /** What to change. */
    public List<Suggestion> suggestions() {
        return rules.stream().flatMap(rule -> rule.suggestions().stream()).toList();
    }
}
