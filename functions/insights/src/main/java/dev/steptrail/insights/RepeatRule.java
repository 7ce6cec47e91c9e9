package dev.steptrail.insights;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds loops, and touches without effect.
 *
 * <p>A loop is the same action at the same place, at least {@value #MIN_REPEATS} times in a run, on a screen that looks
 * the same or is unknown. Other actions in between and the results of the action do not matter.
 *
 * <p>A touch had no effect if the screen was unchanged in the next step. {@value #MIN_REPEATS} such touches of one
 * place on one screen are reported. Without screenshots the effect is unknown, and {@value #MIN_REPEATS_UNSEEN} touches
 * are needed, because on a key pad the same digit may be touched three times. The figure {@code screen} then marks the
 * suggestion as a guess. A touch is ignored if its step has a screenshot and the next one has not.
 */
final class RepeatRule implements RunRules.Rule {
    private static final int MIN_REPEATS = 3;
    private static final int MIN_REPEATS_UNSEEN = 5;
    private static final int MAX_REPORTED = 20;

    private final ActionMatcher matcher;
    private final RepeatCounter repeats = new RepeatCounter();
    private final RepeatCounter withoutEffect = new RepeatCounter();
    private @Nullable RunStep touch;
    private long touchAction;

    RepeatRule(ActionMatcher matcher) {
        this.matcher = matcher;
    }

    @Override
    public void add(RunStep step) {
        if (touch != null && changedNothing(touch, step)) {
            withoutEffect.add(touchAction, touch);
        }
        touch = null;
        Long action = matcher.idOf(step);
        if (action == null) {
            return;
        }
        repeats.add(action, step);
        if (!ActionNames.touches(step.actionName())) {
            return;
        }
        if (step.screen() == null) {
            withoutEffect.add(action, step);
        } else {
            touch = step;
            touchAction = action;
        }
    }

    private static boolean changedNothing(RunStep touch, RunStep next) {
        return next.stepNumber() == touch.stepNumber() + 1
                && touch.screen() != null
                && next.screen() != null
                && RunStep.isSimilarScreen(touch.screen(), next.screen());
    }

    @Override
    public List<Finding> findings() {
        return repeats.atLeast(MIN_REPEATS, MIN_REPEATS)
                .limit(MAX_REPORTED)
                .map(loop -> new Finding("loop", loop.evidence().steps(), loop.figures()))
                .toList();
    }

    @Override
    public List<Suggestion> suggestions() {
        return withoutEffect
                .atLeast(MIN_REPEATS, MIN_REPEATS_UNSEEN)
                .limit(MAX_REPORTED)
                .map(touches ->
                        new Suggestion("repeated_touch", touches.evidence().steps(), touches.figures()))
                .toList();
    }
}
