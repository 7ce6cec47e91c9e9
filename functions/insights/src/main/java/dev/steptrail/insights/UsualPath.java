package dev.steptrail.insights;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The path on which the runs of a task mostly succeed: that of the success which is most like the others.
 *
 * @param run whose it is
 * @param similarity of the others to it on average, from 0 to 1
 */
record UsualPath(RunDigest run, double similarity) {
    private static final int LEAST_SUCCESSES = 5;
    private static final int COMPARED = 30;
    private static final double LEAST_SIMILARITY = 0.6;

    /** So far a run may be from the path before it has left it: a step inserted here, one skipped there. */
    private static final int NEARBY = 4;

    /** And so many different moves it must have made there: one that repeats itself is stuck, and has not gone anywhere. */
    private static final int MOVES_AWAY = 4;

    /** @param successes oldest first; null where there are too few, or they have too little in common */
    static @Nullable UsualPath of(List<RunDigest> successes) {
        List<RunDigest> runs = successes.subList(Math.max(0, successes.size() - COMPARED), successes.size()).stream()
                .filter(run -> !run.path().isEmpty())
                .toList();
        if (runs.size() < LEAST_SUCCESSES) {
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
        return similarities[best] < LEAST_SIMILARITY ? null : new UsualPath(runs.get(best), similarities[best]);
    }

    List<Move> moves() {
        return run.path();
    }

    /**
     * Where a run left a path for good.
     *
     * @param by its first step beside it
     * @param instead what the path does there
     */
    record Left(Move by, Move instead) {}

    /** Null if the run that went this way did not leave it. */
    static @Nullable Left left(List<Move> usual, List<Move> path) {
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
                : new Left(left, usual.get(next));
    }

    /** Whether it does once more what the path did last: who does that is stuck there, whatever was tried in between. */
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
