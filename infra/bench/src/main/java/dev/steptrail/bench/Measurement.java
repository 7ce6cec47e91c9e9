package dev.steptrail.bench;

import java.util.Arrays;
import java.util.Locale;

/**
 * One row of the results: Steptrail and the baseline, both in the same unit.
 *
 * @param name what was measured
 * @param baseline what it is compared with
 * @param ours our median
 * @param baselines the median of the baseline
 * @param threshold limit for our median
 */
public record Measurement(
        String name, String baseline, double ours, double baselines, String unit, Threshold threshold) {
    /**
     * A limit relative to the baseline.
     *
     * @param factor by which the baseline is multiplied
     * @param more constant that is added, in the unit of the measurement
     * @param isLeast true for a lower limit, false for an upper limit
     */
    public record Threshold(double factor, double more, boolean isLeast) {
        /** For rows that are shown for comparison only. */
        public static final Threshold NONE = atMost(Double.POSITIVE_INFINITY);

        /** For times and sizes. */
        public static Threshold atMost(double factor) {
            return atMost(factor, 0);
        }

        public static Threshold atMost(double factor, double more) {
            return new Threshold(factor, more, false);
        }

        /** For rates. */
        public static Threshold atLeast(double factor) {
            return new Threshold(factor, 0, true);
        }

        boolean holds(double ours, double baseline) {
            double limit = factor * baseline + more;
            return isLeast ? ours >= limit : ours <= limit;
        }

        @Override
        public String toString() {
            if (Double.isInfinite(factor)) {
                return "none";
            }
            String times = more != 0 && factor == 1 ? "baseline" : String.valueOf(factor) + (more == 0 ? "" : " ×");
            return (isLeast ? "≥ " : "≤ ") + times + (more == 0 ? "" : " + " + Math.round(more));
        }
    }

    public boolean held() {
        return threshold.holds(ours, baselines);
    }

    String row() {
        String verdict = threshold.equals(Threshold.NONE) ? "" : held() ? "held" : "**missed**";
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s %s | %s %s | %.3f | %s | %s |",
                name,
                baseline,
                format(ours),
                unit,
                format(baselines),
                unit,
                ours / baselines,
                threshold,
                verdict);
    }

    /** Three digits, as the ratio: 0.889 shown as 0.9 would hide that it misses a threshold of 0.9. */
    private static String format(double value) {
        String format = value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : value >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, format, value);
    }

    public static double median(double... figures) {
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
