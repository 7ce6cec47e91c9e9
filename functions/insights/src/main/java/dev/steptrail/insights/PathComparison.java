package dev.steptrail.insights;

import java.util.ArrayDeque;
import java.util.List;

/** Compares two paths by their longest common subsequence. */
final class PathComparison {
    private PathComparison() {}

    /** Returns the similarity, 0 to 1: twice the longest common subsequence divided by the sum of the lengths. */
    static double similarity(List<Move> one, List<Move> other) {
        return one.isEmpty() && other.isEmpty() ? 1 : 2.0 * commonLength(one, other) / (one.size() + other.size());
    }

    /** Returns the moves of {@code one} that are not in its longest common subsequence with {@code other}, in order. */
    static List<Move> difference(List<Move> one, List<Move> other) {
        int[][] common = new int[one.size() + 1][];
        common[0] = new int[other.size() + 1];
        for (int i = 0; i < one.size(); i++) {
            common[i + 1] = nextRow(common[i], one.get(i), other);
        }
        ArrayDeque<Move> difference = new ArrayDeque<>();
        int j = other.size();
        for (int i = one.size(); i > 0; i--) {
            if (common[i][j] == common[i - 1][j]) {
                difference.addFirst(one.get(i - 1));
            } else {
                while (common[i][j] == common[i][j - 1]) {
                    j--;
                }
                j--;
            }
        }
        return List.copyOf(difference);
    }

    /**
     * Returns the length of their longest common subsequence, by the greedy algorithm of Myers, "An O(ND) Difference
     * Algorithm and Its Variations" (1986): its time grows with the number of moves that differ, which are few between
     * tasks that succeed. {@link Move#isSimilar} need not be transitive.
     */
    private static int commonLength(List<Move> one, List<Move> other) {
        int total = one.size() + other.size();
        // The position in one on each diagonal, which is the position in one minus that in other.
        int[] furthest = new int[2 * total + 3];
        int middle = total + 1;
        for (int edits = 0; edits < total; edits++) {
            int lowest = -edits + 2 * Math.max(0, edits - other.size());
            int highest = edits - 2 * Math.max(0, edits - one.size());
            for (int diagonal = lowest; diagonal <= highest; diagonal += 2) {
                int below = furthest[middle + diagonal - 1];
                int above = furthest[middle + diagonal + 1];
                int i = diagonal == -edits || (diagonal != edits && below < above) ? above : below + 1;
                int j = i - diagonal;
                while (i < one.size() && j < other.size() && one.get(i).isSimilar(other.get(j))) {
                    i++;
                    j++;
                }
                furthest[middle + diagonal] = i;
                if (i >= one.size() && j >= other.size()) {
                    return (total - edits) / 2;
                }
            }
        }
        return 0;
    }

    /** Returns the lengths of the longest common subsequences with each prefix of {@code other}, after {@code move}. */
    private static int[] nextRow(int[] previous, Move move, List<Move> other) {
        int[] row = new int[other.size() + 1];
        for (int i = 0; i < other.size(); i++) {
            row[i + 1] = move.isSimilar(other.get(i)) ? previous[i] + 1 : Math.max(previous[i + 1], row[i]);
        }
        return row;
    }
}
