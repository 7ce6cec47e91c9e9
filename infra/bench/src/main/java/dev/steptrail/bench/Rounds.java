package dev.steptrail.bench;

import java.util.concurrent.Callable;

/**
 * Measures systems alternately, so that load on the machine affects all of them equally, and computes medians.
 *
 * @param quick whether to measure each system only once, as a smoke test
 */
public record Rounds(boolean quick) {
    /** A system that is measured once per round. */
    public interface Subject {
        /** Measures once and returns the value. */
        double measure() throws Exception;

        /** Returns a subject that measures the duration of {@code work} in milliseconds. */
        static Subject timed(Callable<?> work) {
            return () -> {
                long start = System.nanoTime();
                work.call();
                return (System.nanoTime() - start) / 1e6;
            };
        }
    }

    /** Returns this number of rounds, or at most 1 for a smoke test. */
    public int count(int full) {
        return quick ? Math.min(full, 1) : full;
    }

    /**
     * Measures the subjects and returns their medians. The order of the subjects rotates by one from round to round.
     *
     * @param warmUp the number of warm-up rounds, which are not counted
     */
    public double[] measureMedians(int warmUp, int rounds, Subject... subjects) throws Exception {
        int counted = count(rounds);
        double[][] values = new double[subjects.length][counted];
        for (int round = -count(warmUp); round < counted; round++) {
            for (int i = 0; i < subjects.length; i++) {
                int index = Math.floorMod(i + round, subjects.length);
                double value = subjects[index].measure();
                if (round >= 0) {
                    values[index][round] = value;
                }
            }
        }
        double[] medians = new double[subjects.length];
        for (int i = 0; i < subjects.length; i++) {
            medians[i] = Measurement.median(values[i]);
        }
        return medians;
    }
}
