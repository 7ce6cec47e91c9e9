package dev.steptrail.bench;

import dev.steptrail.bench.Measurement.Threshold;
import java.util.concurrent.Callable;

/**
 * Runs the systems alternately, so that load on the machine affects all of them alike, and computes the median of each.
 *
 * @param quick whether to measure each system once only, as a smoke test
 */
public record Rounds(boolean quick) {
    /** A system that is measured once per round. */
    public interface Turn {
        /** Measures once and returns the figure. */
        double measure() throws Exception;

        /** The milliseconds that the work takes. */
        static Turn millis(Callable<?> work) {
            return prepared(() -> work);
        }

        /** Like the method above, with a preparation before each measurement that is not timed. */
        static Turn prepared(Callable<Callable<?>> preparation) {
            return () -> {
                Callable<?> work = preparation.call();
                long start = System.nanoTime();
                work.call();
                return (System.nanoTime() - start) / 1e6;
            };
        }
    }

    /** Returns this number of rounds, or 1 for a smoke test. */
    public int count(int full) {
        return quick ? 1 : full;
    }

    /** Compares the median milliseconds of two alternating calls, after an equal number of warm-up rounds. */
    public Measurement compare(
            String name, Callable<?> ours, String baselineName, Callable<?> baseline, int rounds, Threshold threshold)
            throws Exception {
        double[] millis = medians(rounds, rounds, Turn.millis(ours), Turn.millis(baseline));
        return new Measurement(name, baselineName, millis[0], millis[1], "ms", threshold);
    }

    /**
     * Returns the median figure of each system. The system that is measured first in a round is measured last in the next.
     *
     * @param warmUp number of warm-up rounds, which are not measured
     */
    public double[] medians(int warmUp, int rounds, Turn... turns) throws Exception {
        int counted = count(rounds);
        double[][] figures = new double[turns.length][counted];
        for (int round = -count(warmUp); round < counted; round++) {
            for (int i = 0; i < turns.length; i++) {
                int turn = Math.floorMod(i + round, turns.length);
                double figure = turns[turn].measure();
                if (round >= 0) {
                    figures[turn][round] = figure;
                }
            }
        }
        double[] medians = new double[turns.length];
        for (int i = 0; i < turns.length; i++) {
            medians[i] = Measurement.median(figures[i]);
        }
        return medians;
    }
}
