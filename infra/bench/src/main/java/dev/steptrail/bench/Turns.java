package dev.steptrail.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Several who take turns, so that what disturbs the machine for a while disturbs all of them. */
public final class Turns {
    private static final int LEAST_WARM_UP = 100;

    private Turns() {}

    /** One of them. */
    public interface Turn {
        /** Makes the next piece of work ready, for which no time is taken; of the work itself it is. */
        Callable<?> next() throws Exception;

        /** The same work each time. */
        static Turn of(Callable<?> work) {
            return () -> work;
        }
    }

    /** The median time of each in milliseconds, after as many rounds to get warm. */
    public static List<Double> medians(int rounds, Turn... turns) throws Exception {
        double[][] millis = new double[turns.length][rounds];
        for (int round = -Math.max(rounds, LEAST_WARM_UP); round < rounds; round++) {
            for (int i = 0; i < turns.length; i++) {
                double taken = millis(turns[i].next());
                if (round >= 0) {
                    millis[i][round] = taken;
                }
            }
        }
        List<Double> medians = new ArrayList<>();
        for (double[] ofTurn : millis) {
            medians.add(Measurement.median(ofTurn));
        }
        return medians;
    }

    private static double millis(Callable<?> work) throws Exception {
        long begun = System.nanoTime();
        work.call();
        return (System.nanoTime() - begun) / 1e6;
    }
}
