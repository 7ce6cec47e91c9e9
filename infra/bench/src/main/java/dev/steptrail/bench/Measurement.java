package dev.steptrail.bench;

import java.util.Arrays;
import java.util.Locale;

/**
 * One row of the results.
 *
 * @param baseline the name of the baseline
 * @param value Steptrail's median
 * @param baselineValue the baseline's median, in the same unit
 * @param threshold the limit for Steptrail's median
 */
public record Measurement(
        String name, String baseline, double value, double baselineValue, String unit, Threshold threshold) {
    /**
     * A limit relative to the baseline.
     *
     * @param factor the factor by which the baseline is multiplied
     * @param addend the number that is added, in the unit of the measurement
     * @param isMinimum true for a lower limit, false for an upper limit
     */
    public record Threshold(double factor, double addend, boolean isMinimum) {
        /** Returns an upper limit, for times and sizes. */
        public static Threshold atMost(double factor) {
            return atMost(factor, 0);
        }

        public static Threshold atMost(double factor, double addend) {
            return new Threshold(factor, addend, false);
        }

        /** Returns a lower limit, for rates. */
        public static Threshold atLeast(double factor) {
            return new Threshold(factor, 0, true);
        }

        boolean isMet(double value, double baselineValue) {
            double limit = factor * baselineValue + addend;
            return isMinimum ? value >= limit : value <= limit;
        }

        @Override
        public String toString() {
            String product =
                    addend != 0 && factor == 1 ? "baseline" : String.valueOf(factor) + (addend == 0 ? "" : " ×");
            return (isMinimum ? "≥ " : "≤ ") + product + (addend == 0 ? "" : " + " + Math.round(addend));
        }
    }

    public boolean isThresholdMet() {
        return threshold.isMet(value, baselineValue);
    }

    /** Returns the row of the Markdown table. */
    String toTableRow() {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s %s | %s %s | %.3f | %s | %s |",
                name,
                baseline,
                format(value),
                unit,
                format(baselineValue),
                unit,
                value / baselineValue,
                threshold,
                isThresholdMet() ? "met" : "**missed**");
    }

    /** Formats at least three digits, because 0.889 rounded to 0.9 would seem to meet a minimum of 0.9. */
    private static String format(double value) {
        String format = value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : value >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, format, value);
    }

    public static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
