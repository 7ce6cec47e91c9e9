package dev.steptrail.insights;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The usual path of successful runs: the path of the success that is most similar to the others.
 *
 * @param run the run with this path
 * @param similarity its mean similarity to the others, from 0 to 1
 */
record UsualPath(RunDigest run, double similarity) {
    private static final int MIN_SUCCESSES = 5;
    private static final int MAX_COMPARED = 30;
    private static final double MIN_SIMILARITY = 0.6;

    /** How many moves of the path a run may skip without leaving it. */
    private static final int NEARBY = 4;

    /** The number of different moves outside of the path with which a run leaves it. Repeats do not count. */
    private static final int MOVES_AWAY = 4;

    /**
     * Returns the usual path; null if there are too few successes or their paths differ too much.
     *
     * @param successes oldest first
     */
    static @Nullable UsualPath of(List<RunDigest> successes) {
        List<RunDigest> runs =
                successes.subList(Math.max(0, successes.size() - MAX_COMPARED), successes.size()).stream()
                        .filter(run -> !run.path().isEmpty())
                        .toList();
        if (runs.size() < MIN_SUCCESSES) {
            return null;
        }
        double[] similarities = new double[runs.size()];
        for (int i = 0; i < runs.size(); i++) {
            for (int j = 0; j < i; j++) {
                double similarity =
                        Paths.similarity(runs.get(i).path(), runs.get(j).path()) / (runs.size() - 1);
                similarities[i] += similarity;
                similarities[j] += similarity;
            }
        }
        int best = 0;
        for (int i = 1; i < runs.size(); i++) {
            if (similarities[i] > similarities[best]) {
                best = i;
            }
        }
        return similarities[best] < MIN_SIMILARITY ? null : new UsualPath(runs.get(best), similarities[best]);
    }

    List<Move> moves() {
        return run.path();
    }

    /**
     * The point where a run left a path and did not return.
     *
     * @param by the first move outside of the path
     * @param instead the path's move at this point
     */
    record Departure(Move by, Move instead) {}

    /** Returns the point where a run left the usual path; null if it did not. */
    static @Nullable Departure departure(List<Move> usual, List<Move> path) {
        int next = 0;
        List<Move> away = new ArrayList<>();
        Move left = null;
        for (Move move : path) {
            int found = find(usual, move, next);
            if (found >= 0 || isAt(usual, move, next)) {
                next = Math.max(next, found + 1);
                left = null;
                away.clear();
            } else {
                left = left == null ? move : left;
                if (away.stream().noneMatch(move::isLike)) {
                    away.add(move);
                }
            }
        }
        return left == null || away.size() < MOVES_AWAY || next == usual.size()
                ? null
                : new Departure(left, usual.get(next));
    }

    /** Returns whether a move repeats the last one of the path. Such a run is stuck, whatever it tried in between. */
    private static boolean isAt(List<Move> usual, Move move, int next) {
        return next > 0 && usual.get(next - 1).isLike(move);
    }

    private static int find(List<Move> usual, Move move, int from) {
        for (int i = from; i < Math.min(usual.size(), from + NEARBY); i++) {
            if (usual.get(i).isLike(move)) {
                return i;
            }
        }
        return -1;
    }
}
