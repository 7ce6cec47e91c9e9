package dev.steptrail.bench.insights;

import java.util.SplittableRandom;

/** Sources of chance by a history's seed, each for one thing alone, so that no run depends on those before it. */
record Seeds(long seed) {
    /** What a source is for. */
    enum Purpose {
        GROUP(1),
        SCHEDULE(2),
        OUTCOMES(3),
        RUN(4);

        private final long number;

        Purpose(long number) {
            this.number = number;
        }
    }

    /** The source for the thing of this number; the same whenever it is asked for. */
    SplittableRandom of(Purpose purpose, long number) {
        SplittableRandom first = new SplittableRandom(seed ^ (purpose.number << 56));
        return new SplittableRandom(first.nextLong() ^ new SplittableRandom(number).nextLong());
    }
}
