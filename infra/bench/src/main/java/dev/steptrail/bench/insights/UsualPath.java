package dev.steptrail.bench.insights;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way that a task is usually done.
 *
 * @param moves from the first to the one that finishes
 * @param places where they touch the screen
 * @param otherWay as good a way around some of the moves, as long as they are
 * @param shortcut a way around many; null where there is none
 * @param spareScreens the first of {@value #SPARE_SCREENS} screens that no way leads through
 */
record UsualPath(
        List<Move> moves,
        Places places,
        Detour otherWay,
        @Nullable Detour shortcut,
        int spareScreens) {
    static final int SPARE_SCREENS = 24;

    /**
     * Moves in the place of others.
     *
     * @param from the first move that is left out
     * @param to the first that is not
     */
    record Detour(int from, int to, List<Move> moves) {
        List<Move> around(List<Move> path) {
            List<Move> changed = new ArrayList<>(path.subList(0, from));
            changed.addAll(moves);
            changed.addAll(path.subList(to, path.size()));
            return changed;
        }

        int saved() {
            return to - from - moves.size();
        }
    }

    UsualPath {
        moves = List.copyOf(moves);
    }

    /** How many screens there are. */
    int screens() {
        return spareScreens + SPARE_SCREENS;
    }
}
