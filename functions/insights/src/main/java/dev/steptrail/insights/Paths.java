package dev.steptrail.insights;

import java.util.List;

/** Compares paths. */
final class Paths {
    private Paths() {}

    /** From 0 to 1: twice what they have in common, in the same order, of what they have together. */
    static double similarity(List<Move> one, List<Move> other) {
        return one.isEmpty() && other.isEmpty() ? 1 : 2.0 * common(one, other) / (one.size() + other.size());
    }

    /** The length of their longest common subsequence. */
    private static int common(List<Move> one, List<Move> other) {
        int[] before = new int[other.size() + 1];
        for (Move move : one) {
            int[] now = new int[other.size() + 1];
            for (int i = 0; i < other.size(); i++) {
                now[i + 1] = move.isLike(other.get(i)) ? before[i] + 1 : Math.max(before[i + 1], now[i]);
            }
            before = now;
        }
        return before[other.size()];
    }
}
