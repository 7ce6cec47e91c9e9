package dev.steptrail.insights;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** No progress, by what was seen: at least {@value #LEAST} steps in a row acted, in at least two ways, and the screen stayed as it was. */
final class StallRule implements RunRules.Rule {
    private static final int LEAST = 6;
    private static final int MOST_STALLS = 20;

    private final SameActions same;
    private final List<Finding> found = new ArrayList<>();
    private Evidence stall = new Evidence();
    private @Nullable Long screen;
    private @Nullable Long action;
    private boolean isVaried;

    StallRule(SameActions same) {
        this.same = same;
    }

    @Override
    public void add(RunStep step) {
        if (step.screen() == null) {
            end(null);
            return;
        }
        if (screen == null || !RunStep.looksAlike(screen, step.screen())) {
            end(step.screen());
        }
        Long next = same.of(step);
        if (next != null) {
            isVaried |= action != null && !action.equals(next);
            action = next;
            stall.add(step.stepNumber());
        }
    }

    private void end(@Nullable Long next) {
        found.addAll(now());
        stall = new Evidence();
        screen = next;
        action = null;
        isVaried = false;
    }

    /** The one under way, if it is one. */
    private List<Finding> now() {
        return stall.count() < LEAST || !isVaried || found.size() >= MOST_STALLS
                ? List.of()
                : List.of(new Finding(
                        "no_progress", stall.steps(), Map.of("count", stall.count(), "screen", "unchanged")));
    }

    @Override
    public List<Finding> findings() {
        List<Finding> all = new ArrayList<>(found);
        all.addAll(now());
        return all;
    }
}
