package dev.steptrail.insights;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Detects stalls: {@value #MIN_STEPS} consecutive actions of two or more kinds while the screen is unchanged. */
final class StallRule implements RunRules.Rule {
    private static final int MIN_STEPS = 6;
    private static final int MAX_STALLS = 20;

    private final ActionMatcher matcher;
    private final List<Finding> found = new ArrayList<>();
    private Evidence stall = new Evidence();
    private @Nullable Long screen;
    private @Nullable Long action;
    private boolean isVaried;

    StallRule(ActionMatcher matcher) {
        this.matcher = matcher;
    }

    @Override
    public void add(RunStep step) {
        if (step.screen() == null) {
            end(null);
            return;
        }
        if (screen == null || !RunStep.isSimilarScreen(screen, step.screen())) {
            end(step.screen());
        }
        Long next = matcher.idOf(step);
        if (next != null) {
            isVaried |= action != null && !action.equals(next);
            action = next;
            stall.add(step.stepNumber());
        }
    }

    private void end(@Nullable Long next) {
        found.addAll(current());
        stall = new Evidence();
        screen = next;
        action = null;
        isVaried = false;
    }

    /** Returns the stall in progress if it is long enough. */
    private List<Finding> current() {
        return stall.count() < MIN_STEPS || !isVaried || found.size() >= MAX_STALLS
                ? List.of()
                : List.of(new Finding(
                        "no_progress", stall.steps(), Map.of("count", stall.count(), "screen", "unchanged")));
    }

    @Override
    public List<Finding> findings() {
        List<Finding> all = new ArrayList<>(found);
        all.addAll(current());
        return all;
    }
}
