package dev.steptrail.insights;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was done again on a screen that looks the same, or is unknown: the steps of a run by their action, as {@link SameActions} tells it, and by
 * what was seen. Each action keeps its first {@value #MOST_SCREENS} screens, and all together {@value #MOST_SEEN}, so that they take a few
 * megabytes at most; what is on others is not kept.
 */
final class Repeats {
    /** More different actions than that are no loop, or one that others show. */
    private static final int MOST_ACTIONS = 10_000;

    private static final int MOST_SCREENS = 100;
    private static final int MOST_SEEN = 100_000;

    /** In the order in which they first came. */
    private final Map<Long, OfAction> actions = new LinkedHashMap<>();

    private int seen;

    /**
     * One action, on one screen.
     *
     * @param isSeen whether the screen is known
     */
    record Repeat(@Nullable String actionName, Evidence evidence, boolean isSeen) {
        /** How often it came, on which screen, and by what name. */
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
        OfAction known = actions.get(action);
        if (known == null && actions.size() < MOST_ACTIONS) {
            known = new OfAction(step.actionName());
            actions.put(action, known);
        }
        Evidence evidence = known == null ? null : evidence(known, step.screen());
        if (evidence != null) {
            evidence.add(step.stepNumber());
        }
    }

    /** Null where no more are kept. */
    private @Nullable Evidence evidence(OfAction action, @Nullable Long screen) {
        if (screen == null) {
            return action.unseen;
        }
        Evidence known = action.on(screen);
        if (known != null || seen == MOST_SEEN || action.seen.size() == MOST_SCREENS) {
            return known;
        }
        seen++;
        Seen another = new Seen(screen, new Evidence());
        action.seen.add(another);
        return another.evidence();
    }

    /** Those that came so often, action by action. */
    Stream<Repeat> atLeast(int timesOnASeenScreen, int timesUnseen) {
        return actions.values().stream().flatMap(action -> Stream.concat(
                        action.seen.stream().map(at -> new Repeat(action.name, at.evidence(), true)),
                        Stream.of(new Repeat(action.name, action.unseen, false)))
                .filter(repeat -> repeat.evidence().count() >= (repeat.isSeen() ? timesOnASeenScreen : timesUnseen)));
    }

    private record Seen(long screen, Evidence evidence) {}

    private static final class OfAction {
        final @Nullable String name;
        final Evidence unseen = new Evidence();
        final List<Seen> seen = new ArrayList<>(1);

        OfAction(@Nullable String name) {
            this.name = name;
        }

        /** On the first that looks the same. */
        @Nullable
        Evidence on(long screen) {
            for (Seen at : seen) {
                if (RunStep.looksAlike(at.screen(), screen)) {
                    return at.evidence();
                }
            }
            return null;
        }
    }
}
