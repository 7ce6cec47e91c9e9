package dev.steptrail.store.statistics;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Counts durations in milliseconds by the first 16 bits of their IEEE 754 single-precision value, which are the sign,
 * the exponent and 7 bits of the fraction. Quantiles therefore have a relative error of at most 0.4 %, and durations
 * below 256 ms are exact. The memory depends on the longest duration, not on their number. Not thread-safe.
 */
final class Durations {
    static final double RELATIVE_ERROR = 1 / 256.0;

    /** The SQL expression of the two bytes of a duration, for {@link #add}. */
    static final String ENCODED = "substring(float4send(%s) FROM 1 FOR 2)";

    /** The first 16 bits of 1 ms. Shorter durations have the index 0. */
    private static final int ONE = Float.floatToIntBits(1) >>> 16;

    private int[] counts = new int[1];
    private long total;

    /** @param values {@link #ENCODED} durations, one after the other */
    void add(byte[] values) {
        ByteBuffer buffer = ByteBuffer.wrap(values);
        while (buffer.hasRemaining()) {
            int index = Math.max(0, buffer.getShort() - ONE + 1);
            if (index >= counts.length) {
                counts = Arrays.copyOf(counts, index + 1);
            }
            counts[index]++;
            total++;
        }
    }

    boolean isEmpty() {
        return total == 0;
    }

    /**
     * Returns a quantile in whole milliseconds; null if there are no durations.
     *
     * @param fraction 0 to 1; 0.95 for the 95th percentile
     */
    @Nullable
    Long quantile(double fraction) {
        if (isEmpty()) {
            return null;
        }
        long remaining = Math.max(1, (long) Math.ceil(fraction * total));
        int index = 0;
        while (remaining > counts[index]) {
            remaining -= counts[index++];
        }
        if (index == 0) {
            return 0L;
        }
        // Durations are whole, so the middle is that of the first and the last whole number with these bits.
        double first = Float.intBitsToFloat((index + ONE - 1) << 16);
        double end = Float.intBitsToFloat((index + ONE) << 16);
        return Math.round(Math.max(first, (first + end - 1) / 2));
    }
}
