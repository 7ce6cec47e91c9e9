package dev.steptrail.insights;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Detects stalls: {@value #MIN_STEPS} consecutive actions, not all the same, while the screen is unchanged. */
final class StallRule implements TaskRules.Rule {
    private static final int MIN_STEPS = 6;
    private static final int MAX_STALLS = 20;

    private final ActionMatcher matcher;
    private final List<Finding> found = new ArrayList<>();
    private Evidence stall = new Evidence();
    private @Nullable Long screen;
    private @Nullable Long action;
    private boolean hasDifferentActions;

    StallRule(ActionMatcher matcher) {
        this.matcher = matcher;
    }

    @Override
    public void add(TaskStep step) {
        if (step.screen() == null) {
            startScreen(null);
            return;
        }
        if (screen == null || !TaskStep.isSimilarScreen(screen, step.screen())) {
            startScreen(step.screen());
        }
        Long nextAction = matcher.idOf(step);
        if (nextAction != null) {
            hasDifferentActions |= action != null && !action.equals(nextAction);
            action = nextAction;
            stall.add(step.stepNumber());
        }
    }

    private void startScreen(@Nullable Long nextScreen) {
        found.addAll(currentStall());
        stall = new Evidence();
        screen = nextScreen;
        action = null;
        hasDifferentActions = false;
    }

    /** Returns the stall in progress; empty if it is too short. */
    private List<Finding> currentStall() {
        return stall.count() < MIN_STEPS || !hasDifferentActions || found.size() >= MAX_STALLS
                ? List.of()
                : List.of(new Finding(
                        "no_progress", stall.steps(), Map.of("count", stall.count(), "screen", "unchanged")));
    }

    @Override
    public List<Finding> findings() {
        List<Finding> all = new ArrayList<>(found);
        all.addAll(currentStall());
        return all;
    }
}
