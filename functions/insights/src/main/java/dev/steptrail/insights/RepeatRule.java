package dev.steptrail.insights;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Detects loops and touches without effect.
 *
 * <p>A loop is the same action on a similar or unknown screen, at least {@value #MIN_REPEATS} times in a task. Other
 * actions may occur in between, on unknown screens only a few; see {@link RepeatCounter}. The result of the action is
 * ignored.
 *
 * <p>A touch had no effect if the screen in the next step is unchanged. {@value #MIN_REPEATS} such touches of the same
 * place on the same screen are reported. Without screenshots the effect is unknown. Then
 * {@value #MIN_REPEATS_UNKNOWN_SCREEN} touches are required, because a key of a keypad may be touched several times,
 * and the figure {@code screen} is {@code unknown}. A touch is ignored if only its own step has a screenshot.
 */
final class RepeatRule implements TaskRules.Rule {
    private static final int MIN_REPEATS = 3;
    private static final int MIN_REPEATS_UNKNOWN_SCREEN = 5;
    private static final int MAX_REPORTED = 20;

    private final ActionMatcher matcher;
    private final RepeatCounter repeats = new RepeatCounter();
    private final RepeatCounter withoutEffect = new RepeatCounter();
    private @Nullable TaskStep lastTouch;
    private long lastTouchAction;

    RepeatRule(ActionMatcher matcher) {
        this.matcher = matcher;
    }

    @Override
    public void add(TaskStep step) {
        if (lastTouch != null && isScreenUnchanged(lastTouch, step)) {
            withoutEffect.add(lastTouchAction, lastTouch);
        }
        lastTouch = null;
        Long action = matcher.idOf(step);
        if (action == null) {
            return;
        }
        repeats.add(action, step);
        if (!ActionNames.isTouch(step.actionName())) {
            return;
        }
        if (step.screen() == null) {
            withoutEffect.add(action, step);
        } else {
            lastTouch = step;
            lastTouchAction = action;
        }
    }

    private static boolean isScreenUnchanged(TaskStep touch, TaskStep next) {
        return next.stepNumber() == touch.stepNumber() + 1
                && touch.screen() != null
                && next.screen() != null
                && TaskStep.isSimilarScreen(touch.screen(), next.screen());
    }

    @Override
    public List<Finding> findings() {
        return repeats.atLeast(MIN_REPEATS, MIN_REPEATS)
                .limit(MAX_REPORTED)
                .map(loop -> new Finding("loop", loop.evidence().steps(), loop.figures()))
                .toList();
    }

    @Override
    public List<Finding> suggestions() {
        return withoutEffect
                .atLeast(MIN_REPEATS, MIN_REPEATS_UNKNOWN_SCREEN)
                .limit(MAX_REPORTED)
                .map(touches -> new Finding("repeated_touch", touches.evidence().steps(), touches.figures()))
                .toList();
    }
}
