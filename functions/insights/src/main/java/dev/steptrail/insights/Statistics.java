package dev.steptrail.insights;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Estimates and tests for small samples. */
final class Statistics {
    private static final double Z95 = 1.959964;

    private Statistics() {}

    record Interval(double low, double high) {}

    /** Returns the 95 % confidence interval of a success rate (Wilson score interval). */
    static Interval wilson(int successes, int runs) {
        double n = runs;
        double share = successes / n;
        double z2 = Z95 * Z95;
        double middle = (share + z2 / (2 * n)) / (1 + z2 / n);
        double half = Z95 / (1 + z2 / n) * Math.sqrt(share * (1 - share) / n + z2 / (4 * n * n));
        return new Interval(Math.max(0, middle - half), Math.min(1, middle + half));
    }

    /** Returns the probability that later runs have so few successes by chance (one-sided Fisher's exact test). */
    static double fisherExact(int successes, int runs, int laterSuccesses, int laterRuns) {
        int all = successes + laterSuccesses;
        double chance = 0;
        for (int k = Math.max(0, all - runs); k <= Math.min(laterSuccesses, laterRuns); k++) {
            chance += Math.exp(
                    logBinomial(laterRuns, k) + logBinomial(runs, all - k) - logBinomial(runs + laterRuns, all));
        }
        return Math.min(1, chance);
    }

    /** Returns the logarithm of the binomial coefficient. */
    private static double logBinomial(int n, int k) {
        double ways = 0;
        for (int i = 1; i <= k; i++) {
            ways += Math.log(n - k + i) - Math.log(i);
        }
        return ways;
    }

    /** Returns a quantile, interpolated linearly between the two nearest values. */
    static double quantile(double[] values, double fraction) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double place = fraction * (sorted.length - 1);
        int below = (int) Math.floor(place);
        int above = (int) Math.ceil(place);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    static double median(double[] values) {
        return quantile(values, 0.5);
    }

    /** Returns how far the second sample lies above the first, as the z-score of a Mann-Whitney U test. */
    static double mannWhitneyZ(double[] first, double[] second) {
        double wins = 0;
        for (double later : second) {
            for (double earlier : first) {
                wins += later > earlier ? 1 : later == earlier ? 0.5 : 0;
            }
        }
        double pairs = (double) first.length * second.length;
        return (wins - pairs / 2) / Math.sqrt(pairs * (first.length + second.length + 1) / 12);
    }

    /** Returns a robust standard deviation: the median absolute deviation, scaled to that of a normal distribution. */
    static double robustDeviation(double[] values) {
        double median = median(values);
        double[] distances = IntStream.range(0, values.length)
                .mapToDouble(i -> Math.abs(values[i] - median))
                .toArray();
        return 1.4826 * median(distances);
    }
}
