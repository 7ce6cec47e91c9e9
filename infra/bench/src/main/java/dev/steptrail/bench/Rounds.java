package dev.steptrail.bench;

import dev.steptrail.bench.Measurement.Threshold;
import java.util.concurrent.Callable;

/**
 * Runs systems in turns, so that a disturbance of the machine affects all of them, and takes the median of each.
 *
 * @param quick whether to measure each system once only, as a smoke test
 */
public record Rounds(boolean quick) {
    /** A system that takes its turn once a round. */
    public interface Turn {
        /** Measures once and returns the figure. */
        double measure() throws Exception;

        /** The milliseconds that the work takes. */
        static Turn millis(Callable<?> work) {
            return prepared(() -> work);
        }

        /** The same for work that has to be prepared each time. The preparation does not count. */
        static Turn prepared(Callable<Callable<?>> preparation) {
            return () -> {
                Callable<?> work = preparation.call();
                long begun = System.nanoTime();
                work.call();
                return (System.nanoTime() - begun) / 1e6;
            };
        }
    }

    /** So many rounds, or 1 for a smoke test. */
    public int count(int full) {
        return quick ? 1 : full;
    }

    /** Compares the median milliseconds of two calls that take turns, after as many rounds that do not count. */
    public Measurement compare(
            String name, Callable<?> ours, String baselineName, Callable<?> baseline, int rounds, Threshold threshold)
            throws Exception {
        double[] millis = medians(rounds, rounds, Turn.millis(ours), Turn.millis(baseline));
        return new Measurement(name, baselineName, millis[0], millis[1], "ms", threshold);
    }

    /**
     * Returns the median figure of each system. Who goes first in a round goes last in the next.
     *
     * @param warmUp rounds that do not count
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
