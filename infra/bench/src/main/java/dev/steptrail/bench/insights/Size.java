package dev.steptrail.bench.insights;

/**
 * How much a history holds: some {@value #STEPS_OF_RUN} steps a run.
 *
 * @param runs at least 2,000: of fewer, no group would have enough to be found flaky
 */
record Size(int runs) {
    /** About 100,000 steps. */
    static final Size USUAL = new Size(2_000);

    /** About two million steps. */
    static final Size LARGE = new Size(40_000);

    static final int STEPS_OF_RUN = 50;

    Size {
        if (runs < 2_000) {
            throw new IllegalArgumentException("a history has at least 2000 runs, not " + runs);
        }
    }

    /** About so many steps all runs have together. */
    int steps() {
        return runs * STEPS_OF_RUN;
    }
}
