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

    /** Returns the length of the longest common subsequence. */
    private static int commonLength(List<Move> first, List<Move> second) {
        int[] row = new int[second.size() + 1];
        for (Move move : first) {
            row = nextRow(row, move, second);
        }
        return row[second.size()];
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
