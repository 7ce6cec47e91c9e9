package dev.steptrail.insights.history;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Random choices. Each purpose has a separate source, so that no run depends on earlier runs. */
final class Chance {
    static final long GROUPS = 1;
    static final long SCHEDULE = 2;
    static final long OUTCOMES = 3;
    static final long RUNS = 4;

    private Chance() {}

    /** The source for one purpose and number; the same arguments give the same source. */
    static SplittableRandom source(long seed, long purpose, long number) {
        SplittableRandom first = new SplittableRandom(seed ^ (purpose << 56));
        return new SplittableRandom(first.nextLong() ^ new SplittableRandom(number).nextLong());
    }

    static <T> T oneOf(List<T> list, RandomGenerator random) {
        return list.get(random.nextInt(list.size()));
    }

    /** A mutable copy in random order. */
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
