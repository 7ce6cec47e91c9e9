package dev.steptrail.insights;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Counts how often each action occurs on each screen. Actions are matched by {@link ActionMatcher}, and screens by
 * similarity. Steps without a screenshot belong to one unknown screen if each is at most {@value #MAX_DISTANCE} steps
 * after the last, because a later one is probably another screen. At most {@value #MAX_SCREENS} known screens per
 * action are compared, which limits the time. Further ones are ignored. Not thread-safe.
 */
final class RepeatCounter {
    private static final int MAX_DISTANCE = 10;

    /** Fewer steps on an unknown screen are forgotten when the screen is left. */
    private static final int MIN_STORED = 3;

    private static final int MAX_SCREENS = 100;

    /** By action id, in the order of first occurrence. */
    private final Map<Long, RepeatedAction> actions = new LinkedHashMap<>();

    /**
     * An action on one screen.
     *
     * @param isScreenKnown whether the steps have a screenshot
     */
    record Repeat(@Nullable String actionName, Evidence evidence, boolean isScreenKnown) {
        Map<String, Object> figures() {
            Map<String, Object> figures = new HashMap<>();
            figures.put("count", evidence.count());
            figures.put("screen", isScreenKnown ? "unchanged" : "unknown");
            if (actionName != null) {
                figures.put("action", actionName);
            }
            return figures;
        }
    }

    /** @param actionId from {@link ActionMatcher} */
    void add(long actionId, TaskStep step) {
        RepeatedAction action = actions.computeIfAbsent(actionId, id -> new RepeatedAction(step.actionName()));
        Evidence evidence = findOrAddEvidence(action, step);
        if (evidence != null) {
            evidence.add(step.stepNumber());
        }
    }

    /** Returns the evidence of an action on a screen; null if the limit is reached. */
    private static @Nullable Evidence findOrAddEvidence(RepeatedAction action, TaskStep step) {
        Long screen = step.screen();
        if (screen == null) {
            return onUnknownScreen(action, step.stepNumber());
        }
        Evidence existing = action.onScreen(screen);
        if (existing != null || action.screens.size() == MAX_SCREENS) {
            return existing;
        }
        RepeatedScreen added = new RepeatedScreen(screen, new Evidence());
        action.screens.add(added);
        return added.evidence();
    }

    private static Evidence onUnknownScreen(RepeatedAction action, int stepNumber) {
        if (!action.unknownScreen.isFollowedBy(stepNumber, MAX_DISTANCE)) {
            if (action.unknownScreen.count() >= MIN_STORED) {
                action.leftScreens.add(action.unknownScreen);
            }
            action.unknownScreen = new Evidence();
        }
        return action.unknownScreen;
    }

    /** Returns the repeats with at least the minimum number of steps for their kind of screen, grouped by action. */
    Stream<Repeat> atLeast(int minOnKnownScreen, int minOnUnknownScreen) {
        return actions.values().stream().flatMap(action -> Stream.concat(
                        action.screens.stream().map(screen -> new Repeat(action.name, screen.evidence(), true)),
                        Stream.concat(action.leftScreens.stream(), Stream.of(action.unknownScreen))
                                .map(evidence -> new Repeat(action.name, evidence, false)))
                .filter(repeat ->
                        repeat.evidence().count() >= (repeat.isScreenKnown() ? minOnKnownScreen : minOnUnknownScreen)));
    }

    private record RepeatedScreen(long screen, Evidence evidence) {}

    private static final class RepeatedAction {
        final @Nullable String name;
        Evidence unknownScreen = new Evidence();

        /** Earlier unknown screens. */
        final List<Evidence> leftScreens = new ArrayList<>(0);

        final List<RepeatedScreen> screens = new ArrayList<>(1);

        RepeatedAction(@Nullable String name) {
            this.name = name;
        }

        /** Returns the evidence on the first similar screen; null if there is none. */
        @Nullable
        Evidence onScreen(long screen) {
            for (RepeatedScreen repeated : screens) {
                if (TaskStep.isSimilarScreen(repeated.screen(), screen)) {
                    return repeated.evidence();
                }
            }
            return null;
        }
    }
}
