package dev.steptrail.bench.insights;

import java.util.random.RandomGenerator;

/** How long steps take. */
final class Durations {
    /** Of the logarithm: two steps of the same kind in one task differ by a third or so. */
    private static final double SPREAD_OF_STEPS = 0.3;

    /** Of the logarithm, from run to run: by chance alone, hardly one of two million takes three times as long. */
    private static final double SPREAD_OF_RUNS = 0.2;

    private Durations() {}

    /** Half of the actions of this kind take no longer, in milliseconds, the model's time included. */
    static double median(PhoneAction action) {
        return switch (action.name()) {
            case PhoneAction.LAUNCH -> 5_200;
            case PhoneAction.TYPE -> 6_400;
            case PhoneAction.WAIT -> 4_600;
            case PhoneAction.TAKE_OVER -> 12_000;
            case PhoneAction.BACK, PhoneAction.HOME, PhoneAction.FINISH -> 2_900;
            default -> 3_800;
        };
    }

    /** How many times as long as its kind's median a step of a path usually takes. */
    static double ofStep(RandomGenerator random) {
        return Math.exp(SPREAD_OF_STEPS * random.nextGaussian());
    }

    /**
     * How long it takes this time, in milliseconds.
     *
     * @param slowness how many times as long as usual such steps take in this run
     */
    static long drawn(Move move, double slowness, RandomGenerator random) {
        double chance = Math.exp(SPREAD_OF_RUNS * random.nextGaussian());
        return Math.round(move.millis() * slowness * (move.exact() ? 1 : chance));
    }
}
