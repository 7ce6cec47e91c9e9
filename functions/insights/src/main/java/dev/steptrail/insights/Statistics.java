package dev.steptrail.insights;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Statistical estimates and tests for small samples. */
public final class Statistics {
    /** The z-score of a two-sided 95 % confidence interval. */
    private static final double Z95 = 1.959964;

    private Statistics() {}

    public record Interval(double low, double high) {}

    /** Returns the 95 % confidence interval of a success rate (Wilson score interval). */
    public static Interval wilson(double successes, double n) {
        double rate = successes / n;
        double z2 = Z95 * Z95;
        double center = (rate + z2 / (2 * n)) / (1 + z2 / n);
        double halfWidth = Z95 / (1 + z2 / n) * Math.sqrt(rate * (1 - rate) / n + z2 / (4 * n * n));
        return new Interval(Math.max(0, center - halfWidth), Math.min(1, center + halfWidth));
    }

    /** Returns the p-value of at most this many later successes at an equal rate (one-sided Fisher's exact test). */
    public static double fisherExact(int successes, int tasks, int laterSuccesses, int laterTasks) {
        int total = successes + laterSuccesses;
        double probability = 0;
        for (int k = Math.max(0, total - tasks); k <= Math.min(laterSuccesses, laterTasks); k++) {
            probability += Math.exp(logBinomial(laterTasks, k)
                    + logBinomial(tasks, total - k)
                    - logBinomial(tasks + laterTasks, total));
        }
        return Math.min(1, probability);
    }

    private static double logBinomial(int n, int k) {
        double logarithm = 0;
        for (int i = 1; i <= k; i++) {
            logarithm += Math.log(n - k + i) - Math.log(i);
        }
        return logarithm;
    }

    /** Returns a quantile, interpolated linearly between the two nearest values. */
    public static double quantile(double[] values, double fraction) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double rank = fraction * (sorted.length - 1);
        int below = (int) Math.floor(rank);
        int above = (int) Math.ceil(rank);
        return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
    }

    static double median(double[] values) {
        return quantile(values, 0.5);
    }

    /** Returns the z-score of a Mann-Whitney U test; positive if the second sample is larger. */
    static double mannWhitneyZ(double[] first, double[] second) {
        double wins = 0;
        for (double secondValue : second) {
            for (double firstValue : first) {
                wins += secondValue > firstValue ? 1 : secondValue == firstValue ? 0.5 : 0;
            }
        }
        double pairs = (double) first.length * second.length;
        return (wins - pairs / 2) / Math.sqrt(pairs * (first.length + second.length + 1) / 12);
    }

    /** Returns the median absolute deviation, scaled to the standard deviation of a normal distribution. */
    static double robustDeviation(double[] values) {
        double median = median(values);
        double[] distances = IntStream.range(0, values.length)
                .mapToDouble(i -> Math.abs(values[i] - median))
                .toArray();
        return 1.4826 * median(distances);
    }
}
