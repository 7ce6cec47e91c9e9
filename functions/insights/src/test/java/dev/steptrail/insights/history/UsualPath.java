package dev.steptrail.insights.history;

import dev.steptrail.insights.history.Action.Place;
import dev.steptrail.insights.history.PlannedStep.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The usual path of a task.
 *
 * @param places the places that its steps touch
 * @param alternative another way of the same length around some steps
 * @param shortcut a shorter way around many steps; null if there is none
 * @param spareScreens the number of the first of {@value #SPARE_SCREENS} screens that no path uses
 */
record UsualPath(
        List<PlannedStep> steps,
        Places places,
        Detour alternative,
        @Nullable Detour shortcut,
        int spareScreens) {
    static final int SPARE_SCREENS = 24;
    private static final int MIN_LENGTH = 10;
    private static final int MAX_LENGTH = 80;
    private static final int MIN_LENGTH_WITH_SHORTCUT = 30;

    /** Below 1, long paths are more frequent than short ones: about 50 steps per run. */
    private static final double SKEW = 0.7;

    private static final int DETOUR = 2;

    /** The standard deviation of the logarithm: two steps of the same kind in one task differ by about a third. */
    private static final double SPREAD_OF_STEPS = 0.3;

    /** After this many steps an agent may see the same screen again and tap something else on it. */
    private static final int LOOKED_BACK = 3;

    /**
     * Steps that replace others.
     *
     * @param from the first replaced step
     * @param to the first step that is not replaced
     */
    record Detour(int from, int to, List<PlannedStep> steps) {
        List<PlannedStep> around(List<PlannedStep> path) {
            List<PlannedStep> changed = new ArrayList<>(path.subList(0, from));
            changed.addAll(steps);
            changed.addAll(path.subList(to, path.size()));
            return changed;
        }
    }

    /** The places that are in use, so that another action can be at a different place. */
    record Places(List<Place> used) {
        Places copy() {
            return new Places(new ArrayList<>(used));
        }

        /** Returns a place that is not near any other, and adds it. */
        Place fresh(RandomGenerator random) {
            while (true) {
                Place place = new Place(random.nextInt(40, 960), random.nextInt(40, 960));
                if (used.stream().noneMatch(place::isNear)) {
                    used.add(place);
                    return place;
                }
            }
        }
    }

    int screens() {
        return spareScreens + SPARE_SCREENS;
    }

    /**
     * Draws a path of {@value #MIN_LENGTH} to {@value #MAX_LENGTH} steps. Without screenshots no action occurs three
     * times, because nothing would show that the screen changes.
     *
     * @param rank 0 for one of the shortest to 1 for one of the longest
     */
    static UsualPath drawn(boolean withScreens, boolean withShortcut, double rank, RandomGenerator random) {
        return new Drawing(withScreens, random).path(withShortcut, rank);
    }

    private static final class Drawing {
        private final boolean withScreens;
        private final RandomGenerator random;
        private final Places places = new Places(new ArrayList<>());
        private final List<String> apps;
        private final List<String> texts;
        private final List<PlannedStep> steps = new ArrayList<>();
        private int backs;
        private int waits = 1;
        private int homes = 1;

        Drawing(boolean withScreens, RandomGenerator random) {
            this.withScreens = withScreens;
            this.random = random;
            this.apps = Chance.shuffled(Texts.APPS, random);
            this.texts = Chance.shuffled(Texts.TYPED, random);
            this.backs = withScreens ? Integer.MAX_VALUE : 2;
        }

        UsualPath path(boolean withShortcut, double rank) {
            int minLength = withShortcut ? MIN_LENGTH_WITH_SHORTCUT : MIN_LENGTH;
            double length = minLength + (MAX_LENGTH - minLength) * Math.pow(rank, SKEW);
            int repeatedFrom = withScreens && random.nextBoolean() ? random.nextInt(1, (int) length - 7) : -1;
            add(launch(), Origin.USUAL);
            while (steps.size() < length - 1) {
                if (steps.size() == repeatedFrom) {
                    Action next = tap();
                    int times = random.nextInt(3, 7);
                    for (int i = 0; i < times; i++) {
                        add(next, Origin.REPEATED);
                    }
                } else {
                    add(next(), Origin.USUAL);
                }
            }
            add(Action.of(Action.FINISH, "message", "Done."), Origin.USUAL);
            int screens = steps.size();
            return new UsualPath(
                    List.copyOf(steps),
                    places,
                    alternative(screens),
                    withShortcut ? shortcut() : null,
                    screens + DETOUR);
        }

        private void add(Action action, Origin origin) {
            boolean comesBack = action.name().equals(Action.TAP)
                    && origin == Origin.USUAL
                    && steps.size() > LOOKED_BACK
                    && random.nextInt(10) == 0;
            int screen = comesBack ? steps.get(steps.size() - LOOKED_BACK).screen() : steps.size();
            steps.add(step(action, screen, origin));
        }

        private PlannedStep step(Action action, int screen, Origin origin) {
            return new PlannedStep(action, screen, origin)
                    .slower(Math.exp(SPREAD_OF_STEPS * random.nextGaussian()), false);
        }

        private Action launch() {
            return Action.launch(apps.remove(apps.size() - 1));
        }

        private Action tap() {
            return Action.tap(places.fresh(random));
        }

        /** Per 100 steps: 13 swipes, 9 texts, 7 backs, 3 long presses, 3 waits, 2 double taps, 2 launches, 1 home. */
        private Action next() {
            int drawn = random.nextInt(100);
            if (drawn < 13) {
                return Action.swipe(places.fresh(random));
            }
            if (drawn < 22 && !texts.isEmpty()) {
                return Action.of(Action.TYPE, "text", texts.remove(texts.size() - 1));
            }
            if (drawn >= 22 && drawn < 29 && backs-- > 0) {
                return Action.back();
            }
            if (drawn >= 29 && drawn < 34) {
                return Action.at(drawn < 32 ? Action.LONG_PRESS : Action.DOUBLE_TAP, places.fresh(random));
            }
            if (drawn >= 34 && drawn < 36 && !apps.isEmpty()) {
                return launch();
            }
            if (drawn >= 34 && drawn < 39 && waits-- > 0) {
                return Action.waiting(random.nextInt(1, 6));
            }
            return drawn == 39 && homes-- > 0 ? new Action(Action.HOME, Map.of()) : tap();
        }

        /** Starts on the screen where the usual path continues, and uses separate screens. */
        private Detour alternative(int firstScreen) {
            int from = random.nextInt(1, steps.size() - DETOUR - 1);
            List<PlannedStep> other = new ArrayList<>();
            other.add(step(tap(), steps.get(from).screen(), Origin.NOISE));
            other.add(step(tap(), firstScreen, Origin.NOISE));
            return new Detour(from, from + DETOUR, other);
        }

        /** One tap that replaces 6 to 15 steps. */
        private Detour shortcut() {
            int length = random.nextInt(6, 16);
            int from = random.nextInt(2, steps.size() - length - 2);
            return new Detour(
                    from, from + length, List.of(step(tap(), steps.get(from).screen(), Origin.NOISE)));
        }
    }
}
