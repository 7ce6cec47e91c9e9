package dev.steptrail.insights;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Counts repeated actions on a screen that looks the same or is unknown. Steps are grouped by action, according to
 * {@link ActionMatcher}, and screen. At most {@value #MAX_SCREENS} screens per action and {@value #MAX_SEEN} in total
 * are stored, which limits memory to a few megabytes. Steps on further screens are ignored.
 */
final class RepeatCounter {
    /** The maximum number of different actions. A loop among more is detected by its other actions. */
    private static final int MAX_ACTIONS = 10_000;

    private static final int MAX_SCREENS = 100;
    private static final int MAX_SEEN = 100_000;

    /** In the order of their first occurrence. */
    private final Map<Long, RepeatedAction> actions = new LinkedHashMap<>();

    private int seen;

    /**
     * An action on one screen.
     *
     * @param isSeen whether the screen is known
     */
    record Repeat(@Nullable String actionName, Evidence evidence, boolean isSeen) {
        /** Returns the count, the screen and the action's name. */
        Map<String, Object> figures() {
            Map<String, Object> figures = new HashMap<>();
            figures.put("count", evidence.count());
            figures.put("screen", isSeen ? "unchanged" : "unknown");
            if (actionName != null) {
                figures.put("action", actionName);
            }
            return figures;
        }
    }

    void add(long action, RunStep step) {
        RepeatedAction known = actions.get(action);
        if (known == null && actions.size() < MAX_ACTIONS) {
            known = new RepeatedAction(step.actionName());
            actions.put(action, known);
        }
        Evidence evidence = known == null ? null : evidence(known, step.screen());
        if (evidence != null) {
            evidence.add(step.stepNumber());
        }
    }

    /** Returns the evidence of an action on a screen; null if the limit is reached. */
    private @Nullable Evidence evidence(RepeatedAction action, @Nullable Long screen) {
        if (screen == null) {
            return action.unseen;
        }
        Evidence known = action.onScreen(screen);
        if (known != null || seen == MAX_SEEN || action.seen.size() == MAX_SCREENS) {
            return known;
        }
        seen++;
        RepeatedScreen another = new RepeatedScreen(screen, new Evidence());
        action.seen.add(another);
        return another.evidence();
    }

    /** Returns the repeats that have at least this many steps, by action. */
    Stream<Repeat> atLeast(int minOnSeenScreen, int minUnseen) {
        return actions.values().stream().flatMap(action -> Stream.concat(
                        action.seen.stream().map(at -> new Repeat(action.name, at.evidence(), true)),
                        Stream.of(new Repeat(action.name, action.unseen, false)))
                .filter(repeat -> repeat.evidence().count() >= (repeat.isSeen() ? minOnSeenScreen : minUnseen)));
    }

    private record RepeatedScreen(long screen, Evidence evidence) {}

    private static final class RepeatedAction {
        final @Nullable String name;
        final Evidence unseen = new Evidence();
        final List<RepeatedScreen> seen = new ArrayList<>(1);

        RepeatedAction(@Nullable String name) {
            this.name = name;
        }

        /** Returns the evidence on the first screen that looks the same, or null. */
        @Nullable
        Evidence onScreen(long screen) {
            for (RepeatedScreen at : seen) {
                if (RunStep.isSimilarScreen(at.screen(), screen)) {
                    return at.evidence();
                }
            }
            return null;
        }
    }
}
