package dev.steptrail.insights;

import java.util.ArrayDeque;
import java.util.List;

/** Compares two paths by their longest common subsequence. */
final class PathComparison {
    private PathComparison() {}

    /** Returns the similarity, 0 to 1: twice the longest common subsequence divided by the sum of the lengths. */
    static double similarity(List<Move> first, List<Move> second) {
        return first.isEmpty() && second.isEmpty()
                ? 1
                : 2.0 * commonLength(first, second) / (first.size() + second.size());
    }

    /** Returns the moves of {@code first} that are not in the longest common subsequence of both paths, in order. */
    static List<Move> difference(List<Move> first, List<Move> second) {
        int[][] common = new int[first.size() + 1][];
        common[0] = new int[second.size() + 1];
        for (int i = 0; i < first.size(); i++) {
            common[i + 1] = nextRow(common[i], first.get(i), second);
        }
        ArrayDeque<Move> difference = new ArrayDeque<>();
        int j = second.size();
        for (int i = first.size(); i > 0; i--) {
            if (common[i][j] == common[i - 1][j]) {
                difference.addFirst(first.get(i - 1));
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
     * Returns the length of the longest common subsequence of two paths, by the greedy algorithm of Myers, "An O(ND)
     * Difference Algorithm and Its Variations" (1986). Its time grows with the number of different moves, which is
     * small for successful tasks. {@link Move#isSimilar} need not be transitive.
     */
    private static int commonLength(List<Move> first, List<Move> second) {
        int total = first.size() + second.size();
        // For each diagonal (position in first minus position in second), the furthest position in first.
        int[] furthest = new int[2 * total + 3];
        int middle = total + 1;
        for (int edits = 0; edits < total; edits++) {
            int lowest = -edits + 2 * Math.max(0, edits - second.size());
            int highest = edits - 2 * Math.max(0, edits - first.size());
            for (int diagonal = lowest; diagonal <= highest; diagonal += 2) {
                int below = furthest[middle + diagonal - 1];
                int above = furthest[middle + diagonal + 1];
                int i = diagonal == -edits || (diagonal != edits && below < above) ? above : below + 1;
                int j = i - diagonal;
                while (i < first.size() && j < second.size() && first.get(i).isSimilar(second.get(j))) {
                    i++;
                    j++;
                }
                furthest[middle + diagonal] = i;
                if (i >= first.size() && j >= second.size()) {
                    return (total - edits) / 2;
                }
            }
        }
        return 0;
    }

    /** Returns the table row of {@code move}: lengths of common subsequences with each prefix of {@code path}. */
    private static int[] nextRow(int[] previous, Move move, List<Move> path) {
        int[] row = new int[path.size() + 1];
        for (int i = 0; i < path.size(); i++) {
            row[i + 1] = move.isSimilar(path.get(i)) ? previous[i] + 1 : Math.max(previous[i + 1], row[i]);
        }
        return row;
    }
}
