package dev.steptrail.bench.insights;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Draws from lists. */
final class Chance {
    private Chance() {}

    static <T> T oneOf(List<T> list, RandomGenerator random) {
        return list.get(random.nextInt(list.size()));
    }

    /** A list of its own, with the same elements in any order. */
    static <T> List<T> shuffled(List<T> list, RandomGenerator random) {
        List<T> shuffled = new ArrayList<>(list);
        for (int i = shuffled.size() - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            T element = shuffled.get(i);
            shuffled.set(i, shuffled.get(other));
            shuffled.set(other, element);
        }
        return shuffled;
    }
}
