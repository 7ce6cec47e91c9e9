package dev.steptrail.bench.reads;

import dev.steptrail.bench.Measurement;
import java.util.concurrent.Callable;

/** Median times in milliseconds of two who took turns. */
record Times(double ours, double peers) {
    private static final int WARM_UP = 100;

    static Times inTurns(int rounds, Callable<?> ours, Callable<?> peers) throws Exception {
        double[] oursMillis = new double[rounds];
        double[] peersMillis = new double[rounds];
        for (int round = -WARM_UP; round < rounds; round++) {
            double our = millis(ours);
            double peer = millis(peers);
            if (round >= 0) {
                oursMillis[round] = our;
                peersMillis[round] = peer;
            }
        }
        return new Times(Measurement.median(oursMillis), Measurement.median(peersMillis));
    }

    private static double millis(Callable<?> work) throws Exception {
        long begun = System.nanoTime();
        work.call();
        return (System.nanoTime() - begun) / 1e6;
    }
}
