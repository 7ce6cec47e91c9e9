package dev.steptrail.bench;

import java.util.Arrays;
import java.util.Locale;

/**
 * One row of the results: ours beside its peer's, in the same unit: a time or a size, of which less is better, or a rate
 * ({@code steps/s}), of which more is.
 *
 * @param name what was measured
 * @param peer what it is compared with
 * @param ours the median of ours
 * @param peers the median of the peer's
 * @param unit of both
 * @param bar what ours has to keep to, beside the peer's
 */
public record Measurement(String name, String peer, double ours, double peers, String unit, Bar bar) {
    /** What ours has to keep to, beside the peer's. */
    public sealed interface Bar {
        boolean holds(double ours, double peers);

        /** Ours takes at most this many times what the peer's takes. */
        record AtMost(double limit) implements Bar {
            @Override
            public boolean holds(double ours, double peers) {
                return ours / peers <= limit;
            }

            @Override
            public String toString() {
                return "≤ " + limit;
            }
        }

        /** Ours is at most so much more than the peer's, in their unit. */
        record AtMostMore(double difference) implements Bar {
            @Override
            public boolean holds(double ours, double peers) {
                return ours - peers <= difference;
            }

            @Override
            public String toString() {
                return "≤ peer's + " + Math.round(difference);
            }
        }

        /** Of rates, of which more is better: ours is at least this share of the peer's, or this many times it. */
        record AtLeast(double limit) implements Bar {
            @Override
            public boolean holds(double ours, double peers) {
                return ours / peers >= limit;
            }

            @Override
            public String toString() {
                return "≥ " + limit;
            }
        }

        /** Ours takes at most this many times what the peer's takes, and so much more, in their unit. */
        record AtMostTimesAndMore(double limit, double difference) implements Bar {
            @Override
            public boolean holds(double ours, double peers) {
                return ours <= limit * peers + difference;
            }

            @Override
            public String toString() {
                return "≤ " + limit + " × peer's + " + Math.round(difference);
            }
        }

        /** For what is told for comparison alone. */
        record None() implements Bar {
            @Override
            public boolean holds(double ours, double peers) {
                return true;
            }

            @Override
            public String toString() {
                return "none";
            }
        }
    }

    public double ratio() {
        return ours / peers;
    }

    public boolean held() {
        return bar.holds(ours, peers);
    }

    String row() {
        String verdict = bar instanceof Bar.None ? "" : held() ? "held" : "**missed**";
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s %s | %s %s | %.3f | %s | %s |",
                name,
                peer,
                shown(ours),
                unit,
                shown(peers),
                unit,
                ratio(),
                bar,
                verdict);
    }

    /** In three digits, as the ratio beside it: 0.889 shown as 0.9 would hide that it misses a bar of 0.9. */
    private static String shown(double value) {
        String format = value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : value >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, format, value);
    }

    /** The middle of several rounds, since these machines are noisy. */
    public static double median(double... rounds) {
        double[] sorted = rounds.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
