package dev.steptrail.insights;

import java.util.List;
import java.util.Map;

/** A person was asked to take over, or to choose: each time the run stands still until one comes. */
final class TakeOverRule implements RunRule {
    private final Evidence asked = new Evidence();

    @Override
    public void add(RunStep step) {
        if (ActionNames.asksAPerson(step.actionName())) {
            asked.add(step.stepNumber());
        }
    }

    @Override
    public List<Suggestion> suggestions() {
        return asked.count() == 0
                ? List.of()
                : List.of(new Suggestion("take_over", asked.steps(), Map.of("count", asked.count())));
    }
}
