package dev.steptrail.cli.terminal;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;

/** Suggests the known word that is most similar to a mistyped one. */
public final class Suggestion {
    private Suggestion() {}

    /**
     * Returns a suffix for the error message about a mistyped word, such as {@code (did you mean 'tasks'?)}. It is
     * empty unless the edit distance of the most similar word is at most a third of its length.
     */
    public static String suffixFor(String mistyped, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(word -> distance(mistyped, word)))
                .filter(word -> distance(mistyped, word) <= word.length() / 3)
                .map(word -> " (did you mean '" + word + "'?)")
                .orElse("");
    }

    /** The Levenshtein distance: the minimum number of characters to insert, delete or replace. */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        Arrays.setAll(row, j -> j);
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
