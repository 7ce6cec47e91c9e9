package dev.steptrail.insights;

import java.util.Arrays;
import java.util.stream.IntStream;

/** What samples of numbers allow to say. */
final class Numbers {
    private Numbers() {}

    /** The value below which this fraction lies, between the two that are nearest. */
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

    /** How far the second lies above the first, in standard deviations of what chance would do (Mann and Whitney's test). */
    static double above(double[] first, double[] second) {
        double wins = 0;
        for (double later : second) {
            for (double earlier : first) {
                wins += later > earlier ? 1 : later == earlier ? 0.5 : 0;
            }
        }
        double pairs = (double) first.length * second.length;
        return (wins - pairs / 2) / Math.sqrt(pairs * (first.length + second.length + 1) / 12);
    }

    /** The usual distance from the median, as a standard deviation; robust, since a few wild values do not change it. */
    static double spread(double[] values) {
        double median = median(values);
        double[] distances = IntStream.range(0, values.length)
                .mapToDouble(i -> Math.abs(values[i] - median))
                .toArray();
        return 1.4826 * median(distances);
    }
}
