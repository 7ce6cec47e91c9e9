package dev.steptrail.store.query;

import dev.steptrail.store.model.TaskSummary.Durations;
import java.util.Arrays;

/** Numbers, added up: some bytes each, so that those of a million steps fit into memory. Not thread-safe. */
final class Figures {
    private long[] values = new long[64];
    private int count;

    void add(long value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, 2 * count);
        }
        values[count++] = value;
    }

    /** As durations in milliseconds. */
    Durations durations() {
        if (count == 0) {
            return Durations.UNKNOWN;
        }
        long[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        double sum = 0; // of longs it may be more than a long holds
        for (long value : sorted) {
            sum += value;
        }
        return new Durations(
                (long) sum, sum / count, percentile(sorted, 0.50), percentile(sorted, 0.95), sorted[count - 1]);
    }

    /** Between the two that are nearest, as {@code percentile_cont} of Postgres has it. */
    private static double percentile(long[] sorted, double fraction) {
        double place = fraction * (sorted.length - 1);
        int below = (int) Math.floor(place);
        int above = (int) Math.ceil(place);
        return sorted[below] + (place - below) * ((double) sorted[above] - sorted[below]);
    }
}
