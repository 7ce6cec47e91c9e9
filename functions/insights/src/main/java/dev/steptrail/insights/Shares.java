package dev.steptrail.insights;

/** Of shares of runs, what so few of them allow to say. */
final class Shares {
    private static final double Z95 = 1.959964;

    private Shares() {}

    record Interval(double low, double high) {}

    /** Between which shares the true one lies, in 95 of 100 cases (Wilson's score interval). */
    static Interval wilson(int successes, int runs) {
        double n = runs;
        double share = successes / n;
        double z2 = Z95 * Z95;
        double middle = (share + z2 / (2 * n)) / (1 + z2 / n);
        double half = Z95 / (1 + z2 / n) * Math.sqrt(share * (1 - share) / n + z2 / (4 * n * n));
        return new Interval(Math.max(0, middle - half), Math.min(1, middle + half));
    }

    /**
     * How likely it is that the second has so few successes or fewer by chance, if both are the same (Fisher's exact test, one side).
     */
    static double byChance(int successes, int runs, int laterSuccesses, int laterRuns) {
        int all = successes + laterSuccesses;
        double chance = 0;
        for (int k = Math.max(0, all - runs); k <= Math.min(laterSuccesses, laterRuns); k++) {
            chance += Math.exp(choose(laterRuns, k) + choose(runs, all - k) - choose(runs + laterRuns, all));
        }
        return Math.min(1, chance);
    }

    /** The logarithm of the number of ways to choose k of n. */
    private static double choose(int n, int k) {
        double ways = 0;
        for (int i = 1; i <= k; i++) {
            ways += Math.log(n - k + i) - Math.log(i);
        }
        return ways;
    }
}
