package dev.steptrail.insights;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Touches of one place of which nothing came, at least {@value #LEAST} of them on a screen that looks the same: the next step saw it unchanged.
 * What did nothing three times will do nothing the fourth time.
 *
 * <p>Where the screen is unknown, so is what came of it, and {@value #LEAST_UNSEEN} are needed: a key pad has the same digit touched three times
 * too, or an app opened from the home screen. Their figure {@code screen} says that it is a guess. A touch counts for neither that saw something
 * and whose next step saw nothing.
 */
final class RepeatedTouchRule implements RunRule {
    private static final int LEAST = 3;
    private static final int LEAST_UNSEEN = 5;
    private static final int MOST = 20;

    private final SameActions same;
    private final Repeats inVain = new Repeats();

    private @Nullable RunStep touch;
    private long action;

    RepeatedTouchRule(SameActions same) {
        this.same = same;
    }

    @Override
    public void add(RunStep step) {
        if (touch != null && changedNothing(touch, step)) {
            inVain.add(action, touch);
        }
        touch = null;
        Long itsAction = ActionNames.touches(step.actionName()) ? same.of(step) : null;
        if (itsAction == null) {
            return;
        }
        if (step.screen() == null) {
            inVain.add(itsAction, step);
        } else {
            touch = step;
            action = itsAction;
        }
    }

    private static boolean changedNothing(RunStep touch, RunStep next) {
        return next.stepNumber() == touch.stepNumber() + 1
                && touch.screen() != null
                && next.screen() != null
                && Screens.alike(touch.screen(), next.screen());
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
