package dev.steptrail.insights;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds loops, and suggests against touches of which nothing came.
 *
 * <p>A loop is the same action, at the same place, at least {@value #LEAST} times in a run, on a screen that looks the same, or is unknown;
 * whatever else was tried in between, and whatever came of it.
 *
 * <p>A touch came to nothing if the next step saw the screen unchanged. {@value #LEAST} of one place on a screen that looks the same are
 * reported: what did nothing three times will do nothing the fourth time. Where the screen is unknown, so is what came of a touch, and
 * {@value #LEAST_UNSEEN} are needed: a key pad has the same digit touched three times too. Their figure {@code screen} says that it is a
 * guess. A touch counts for neither if it saw something and its next step saw nothing.
 */
final class RepeatRule implements RunRules.Rule {
    private static final int LEAST = 3;
    private static final int LEAST_UNSEEN = 5;
    private static final int MOST = 20;

    private final SameActions same;
    private final Repeats repeats = new Repeats();
    private final Repeats inVain = new Repeats();
    private @Nullable RunStep touch;
    private long touchAction;

    RepeatRule(SameActions same) {
        this.same = same;
    }

    @Override
    public void add(RunStep step) {
        if (touch != null && changedNothing(touch, step)) {
            inVain.add(touchAction, touch);
        }
        touch = null;
        Long action = same.of(step);
        if (action == null) {
            return;
        }
        repeats.add(action, step);
        if (!ActionNames.touches(step.actionName())) {
            return;
        }
        if (step.screen() == null) {
            inVain.add(action, step);
        } else {
            touch = step;
            touchAction = action;
        }
    }

    private static boolean changedNothing(RunStep touch, RunStep next) {
        return next.stepNumber() == touch.stepNumber() + 1
                && touch.screen() != null
                && next.screen() != null
                && RunStep.looksAlike(touch.screen(), next.screen());
    }

    @Override
    public List<Finding> findings() {
        return repeats.atLeast(LEAST, LEAST)
                .limit(MOST)
                .map(loop -> new Finding("loop", loop.evidence().steps(), loop.figures()))
                .toList();
    }

    @Override
    public List<Suggestion> suggestions() {
        return inVain.atLeast(LEAST, LEAST_UNSEEN)
                .limit(MOST)
                .map(touches ->
                        new Suggestion("repeated_touch", touches.evidence().steps(), touches.figures()))
                .toList();
    }
}
