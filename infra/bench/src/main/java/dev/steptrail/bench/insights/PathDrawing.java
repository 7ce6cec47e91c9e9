package dev.steptrail.bench.insights;

import dev.steptrail.bench.insights.Move.Origin;
import dev.steptrail.bench.insights.UsualPath.Detour;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Draws usual paths of 10 to {@value #LONGEST} steps. Where nobody can see that the screen changes, none of them does one thing three
 * times.
 */
final class PathDrawing {
    private static final int SHORTEST = 10;
    private static final int LONGEST = 80;
    private static final int SHORTEST_WITH_SHORTCUT = 30;
    /** With 1, as many paths would be short as long; with less, fewer are. This makes it {@link Size#STEPS_OF_RUN} steps a run. */
    private static final double SHORT_ONES = 0.7;

    private static final int DETOUR = 2;

    /** So many steps later an agent may be on the same screen again, to tap something else there. */
    private static final int LOOKED_BACK = 3;

    private final boolean withScreens;
    private final RandomGenerator random;
    private final Steps steps;
    private final List<Move> moves = new ArrayList<>();

    private PathDrawing(boolean withScreens, RandomGenerator random) {
        this.withScreens = withScreens;
        this.random = random;
        this.steps = new Steps(withScreens, random);
    }

    /**
     * One of them.
     *
     * @param rank from 0 for one of the shortest to 1 for one of the longest
     */
    static UsualPath drawn(boolean withScreens, boolean withShortcut, double rank, RandomGenerator random) {
        return new PathDrawing(withScreens, random).path(withShortcut, rank);
    }

    private UsualPath path(boolean withShortcut, double rank) {
        int shortest = withShortcut ? SHORTEST_WITH_SHORTCUT : SHORTEST;
        double length = shortest + (LONGEST - shortest) * Math.pow(rank, SHORT_ONES);
        int repeatedFrom = withScreens && random.nextBoolean() ? random.nextInt(1, (int) length - 7) : -1;
        add(steps.launch(), Origin.USUAL);
        while (moves.size() < length - 1) {
            if (moves.size() == repeatedFrom) {
                repeat();
            } else {
                add(steps.next(), Origin.USUAL);
            }
        }
        add(PhoneAction.finish("Done."), Origin.USUAL);
        int screens = moves.size();
        return new UsualPath(
                moves, steps.places(), otherWay(screens), withShortcut ? shortcut() : null, screens + DETOUR);
    }

    private void add(PhoneAction action, Origin origin) {
        boolean comesBack = action.name().equals(PhoneAction.TAP)
                && origin == Origin.USUAL
                && moves.size() > LOOKED_BACK
                && random.nextInt(10) == 0;
        int screen = comesBack ? moves.get(moves.size() - LOOKED_BACK).screen() : moves.size();
        moves.add(move(action, screen, origin));
    }

    private Move move(PhoneAction action, int screen, Origin origin) {
        return new Move(action, screen, origin).slower(Durations.ofStep(random));
    }

    /** "Next" on page after page. */
    private void repeat() {
        PhoneAction next = steps.tap();
        int times = random.nextInt(3, 7);
        for (int i = 0; i < times; i++) {
            add(next, Origin.REPEATED);
        }
    }

    private Detour otherWay(int firstScreen) {
        int from = random.nextInt(1, moves.size() - DETOUR - 1);
        List<Move> other = new ArrayList<>();
        // It begins on the screen where the usual way goes on, and sees others from there.
        other.add(move(steps.tap(), moves.get(from).screen(), Origin.NOISE));
        other.add(move(steps.tap(), firstScreen, Origin.NOISE));
        return new Detour(from, from + DETOUR, other);
    }

    /** One tap in the place of 6 to 15 steps. */
    private @Nullable Detour shortcut() {
        int length = random.nextInt(6, 16);
        int from = random.nextInt(2, moves.size() - length - 2);
        return new Detour(
                from, from + length, List.of(move(steps.tap(), moves.get(from).screen(), Origin.NOISE)));
    }
}
