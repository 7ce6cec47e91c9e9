package dev.steptrail.insights;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The usual path of successful tasks: the path of the successful task that is most similar to the others.
 *
 * @param task the task with this path
 * @param similarity the mean similarity of this path to the others, from 0 to 1
 */
record UsualPath(TaskDigest task, double similarity) {
    private static final int MIN_SUCCESSES = 5;
    private static final int MAX_COMPARED = 30;
    private static final double MIN_SIMILARITY = 0.6;

    /** A task's move is searched among this number of moves of the usual path, from the next expected one. */
    private static final int MAX_LOOKAHEAD = 4;

    /** The minimum number of distinct moves outside the usual path that make a deviation. */
    private static final int MIN_DISTINCT_MOVES = 4;

    /**
     * Returns the usual path; null if there are too few successes or their paths differ too much.
     *
     * @param successes oldest first
     */
    static @Nullable UsualPath find(List<TaskDigest> successes) {
        List<TaskDigest> tasks =
                successes.subList(Math.max(0, successes.size() - MAX_COMPARED), successes.size()).stream()
                        .filter(task -> !task.path().isEmpty())
                        .toList();
        if (tasks.size() < MIN_SUCCESSES) {
            return null;
        }
        double[] similarities = new double[tasks.size()];
        for (int i = 0; i < tasks.size(); i++) {
            for (int j = 0; j < i; j++) {
                double similarity = PathComparison.similarity(
                                tasks.get(i).path(), tasks.get(j).path())
                        / (tasks.size() - 1);
                similarities[i] += similarity;
                similarities[j] += similarity;
            }
        }
        int best = 0;
        for (int i = 1; i < tasks.size(); i++) {
            if (similarities[i] > similarities[best]) {
                best = i;
            }
        }
        return similarities[best] < MIN_SIMILARITY ? null : new UsualPath(tasks.get(best), similarities[best]);
    }

    List<Move> moves() {
        return task.path();
    }

    /**
     * A deviation after which the task did not return to the usual path.
     *
     * @param move the task's first move outside the usual path
     * @param usual the move of the usual path at this point
     */
    record Deviation(Move move, Move usual) {}

    /** Returns the deviation of a task from the usual path; null if there is none. */
    static @Nullable Deviation findDeviation(List<Move> usual, List<Move> task) {
        int next = 0;
        List<Move> distinctMoves = new ArrayList<>();
        Move firstOutside = null;
        for (Move move : task) {
            int index = indexOf(usual, move, next);
            if (index >= 0 || repeatsLast(usual, move, next)) {
                next = Math.max(next, index + 1);
                firstOutside = null;
                distinctMoves.clear();
            } else {
                firstOutside = firstOutside == null ? move : firstOutside;
                if (distinctMoves.stream().noneMatch(move::isSimilar)) {
                    distinctMoves.add(move);
                }
            }
        }
        return firstOutside == null || distinctMoves.size() < MIN_DISTINCT_MOVES || next == usual.size()
                ? null
                : new Deviation(firstOutside, usual.get(next));
    }

    /** Returns whether a move repeats the last matched move of the usual path. Such a move is not a deviation. */
    private static boolean repeatsLast(List<Move> usual, Move move, int next) {
        return next > 0 && usual.get(next - 1).isSimilar(move);
    }

    private static int indexOf(List<Move> usual, Move move, int from) {
        for (int i = from; i < Math.min(usual.size(), from + MAX_LOOKAHEAD); i++) {
            if (usual.get(i).isSimilar(move)) {
                return i;
            }
        }
        return -1;
    }
}
