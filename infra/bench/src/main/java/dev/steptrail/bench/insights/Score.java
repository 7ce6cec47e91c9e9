package dev.steptrail.bench.insights;

import java.util.HashSet;
import java.util.Set;

/**
 * What was found of a kind, beside what was planted.
 *
 * @param found all that was found
 * @param right how many of those were planted
 * @param planted all that was planted
 * @param hit how many of those were found
 */
record Score(int found, int right, int planted, int hit) {
    /** Of what can be told apart by being equal. */
    static <T> Score of(Set<T> found, Set<T> planted) {
        Set<T> both = new HashSet<>(found);
        both.retainAll(planted);
        return new Score(found.size(), both.size(), planted.size(), both.size());
    }

    double precision() {
        return found == 0 ? 1 : (double) right / found;
    }

    double recall() {
        return planted == 0 ? 1 : (double) hit / planted;
    }
}
