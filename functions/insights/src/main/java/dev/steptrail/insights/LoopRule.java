package dev.steptrail.insights;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A loop: the same action, at the same place, at least {@value #LEAST} times in a run, on a screen that looks the same, or is unknown; whatever else was tried in between.
 * Where it touches the screen, that is suggested against: a touch that did nothing three times will do nothing the fourth time.
 */
final class LoopRule implements RunRule {
    private static final int LEAST = 3;

    /** More different actions than that are no loop, or one that others show. */
    private static final int MOST_ACTIONS = 10_000;

    /** A model that wants the same thing again points a little beside; two things to touch are farther from each other. */
    private static final int SAME_PLACE = 15;

    private static final int MOST_SCREENS = 100;
    private static final int MOST_LOOPS = 20;

    private final Map<Long, Repeats> actions = new HashMap<>();
    private final Nearby<Repeats> places = new Nearby<>(SAME_PLACE);

    /** In the order in which they first came. */
    private final List<Repeats> all = new ArrayList<>();

    @Override
    public void add(RunStep step) {
        if (!step.acts() || step.action() == null) {
            return;
        }
        Place place = step.place() == null ? null : Place.of(step.place());
        String name = String.valueOf(step.actionName());
        Repeats repeats = place == null ? actions.get(step.action()) : places.find(name, place);
        if (repeats == null && all.size() < MOST_ACTIONS) {
            repeats = new Repeats(step.actionName());
            all.add(repeats);
            if (place == null) {
                actions.put(step.action(), repeats);
            } else {
                places.add(name, place, repeats);
            }
        }
        if (repeats != null) {
            repeats.add(step);
        }
    }

    @Override
    public List<Finding> findings() {
        return loops().stream()
                .map(loop -> new Finding("loop", loop.evidence().steps(), detail(loop)))
                .toList();
    }

    @Override
    public List<Suggestion> suggestions() {
        return loops().stream()
                .filter(loop -> ActionNames.touches(loop.actionName()))
                .map(loop -> new Suggestion("repeated_touch", loop.evidence().steps(), detail(loop)))
                .toList();
    }

    private static Map<String, Object> detail(Loop loop) {
        Map<String, Object> detail = new HashMap<>();
        detail.put("count", loop.evidence().count());
        detail.put("screen", loop.isSeen() ? "unchanged" : "unknown");
        if (loop.actionName() != null) {
            detail.put("action", loop.actionName());
        }
        return detail;
    }

    private List<Loop> loops() {
        return all.stream()
                .flatMap(repeats -> repeats.loops().stream())
                .limit(MOST_LOOPS)
                .toList();
    }

    private record Loop(@Nullable String actionName, Evidence evidence, boolean isSeen) {}

    /** An action's steps, by the screens on which it was taken. */
    private static final class Repeats {
        private final @Nullable String actionName;
        private final Evidence unseen = new Evidence();
        private final List<Long> screens = new ArrayList<>();
        private final List<Evidence> seen = new ArrayList<>();

        Repeats(@Nullable String actionName) {
            this.actionName = actionName;
        }

        void add(RunStep step) {
            if (step.screen() == null) {
                unseen.add(step.stepNumber());
                return;
            }
            for (int i = 0; i < screens.size(); i++) {
                if (Screens.alike(screens.get(i), step.screen())) {
                    seen.get(i).add(step.stepNumber());
                    return;
                }
            }
            if (screens.size() < MOST_SCREENS) {
                screens.add(step.screen());
                Evidence evidence = new Evidence();
                evidence.add(step.stepNumber());
                seen.add(evidence);
            }
        }

        List<Loop> loops() {
            List<Loop> loops = new ArrayList<>();
            seen.stream()
                    .filter(evidence -> evidence.count() >= LEAST)
                    .forEach(evidence -> loops.add(new Loop(actionName, evidence, true)));
            if (unseen.count() >= LEAST) {
                loops.add(new Loop(actionName, unseen, false));
            }
            return loops;
        }
    }
}
