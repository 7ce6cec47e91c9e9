package dev.steptrail.insights;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The path on which the runs of a task mostly succeed: that of the success which is most like the others.
 *
 * @param similarity of the others to it on average, from 0 to 1
 */
record UsualPath(List<Move> moves, double similarity) {
    private static final int LEAST_SUCCESSES = 5;
    private static final int COMPARED = 30;
    private static final double LEAST_SIMILARITY = 0.6;

    /** So far a run may be from the path before it has left it: a step inserted here, one skipped there. */
    private static final int NEARBY = 4;

    /** And so many different moves it must have made there: one that repeats itself is stuck, and has not gone anywhere. */
    private static final int MOVES_AWAY = 4;

    /** @param successes oldest first; null where there are too few, or they have too little in common */
    static @Nullable UsualPath of(List<RunDigest> successes) {
        List<List<Move>> paths = successes.subList(Math.max(0, successes.size() - COMPARED), successes.size()).stream()
                .map(RunDigest::path)
                .filter(path -> !path.isEmpty())
                .toList();
        if (paths.size() < LEAST_SUCCESSES) {
            return null;
        }
        double[] similarities = new double[paths.size()];
        for (int i = 0; i < paths.size(); i++) {
            for (int j = 0; j < i; j++) {
                double similarity = Paths.similarity(paths.get(i), paths.get(j)) / (paths.size() - 1);
                similarities[i] += similarity;
                similarities[j] += similarity;
            }
        }
        UsualPath best = new UsualPath(List.of(), 0);
        for (int i = 0; i < paths.size(); i++) {
            if (similarities[i] > best.similarity) {
                best = new UsualPath(paths.get(i), similarities[i]);
            }
        }
        return best.similarity < LEAST_SIMILARITY ? null : best;
    }

    /** The step with which a run left it for good; null if it did not. */
    @Nullable
    Move leftBy(List<Move> path) {
        int next = 0;
        List<Move> away = new ArrayList<>();
        Move left = null;
        for (Move move : path) {
            int found = find(move, next);
            if (found >= 0 || isAt(move, next)) {
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
        return away.size() >= MOVES_AWAY && next < moves.size() ? left : null;
    }

    /** Whether it does once more what the path did last: who does that is stuck there, whatever was tried in between. */
    private boolean isAt(Move move, int next) {
        return next > 0 && moves.get(next - 1).isLike(move);
    }

    private int find(Move move, int from) {
        for (int i = from; i < Math.min(moves.size(), from + NEARBY); i++) {
            if (moves.get(i).isLike(move)) {
                return i;
            }
        }
        return -1;
    }
}
