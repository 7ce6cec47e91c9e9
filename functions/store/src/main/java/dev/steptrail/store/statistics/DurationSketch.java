package dev.steptrail.store.statistics;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketches;
import com.datadoghq.sketch.ddsketch.encoding.ByteArrayInput;
import com.datadoghq.sketch.ddsketch.encoding.GrowingByteArrayOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Any number of times in milliseconds, of which it knows each quantile to within 1 % of its value. Merged of parts it
 * is the same as of the whole, in whatever order. It takes 18 KB at most: of a number of 64 bits there are no more steps of such a width. Not thread-safe.
 */
final class DurationSketch {
    static final double RELATIVE_ERROR = 0.01;

    private final DDSketch sketch = DDSketches.unboundedDense(RELATIVE_ERROR);

    /** @param millis not negative */
    void add(long millis) {
        sketch.accept((double) millis);
    }

    /**
     * Adds all of another.
     *
     * @param bytes as {@link #toBytes} made them
     * @throws IllegalArgumentException if it has another precision
     */
    void merge(byte @Nullable [] bytes) {
        if (bytes == null) {
            return;
        }
        try {
            sketch.decodeAndMergeWith(ByteArrayInput.wrap(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("a column of sketches holds sketches", e);
        }
    }

    boolean isEmpty() {
        return sketch.isEmpty();
    }

    /** With its precision, so that one of a later release is told from these; null if there is nothing in it. */
    byte @Nullable [] toBytes() {
        if (isEmpty()) {
            return null;
        }
        GrowingByteArrayOutput output = GrowingByteArrayOutput.withDefaultInitialCapacity();
        try {
            sketch.encode(output, false);
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory cannot fail", e);
        }
        return output.trimmedCopy();
    }

    /** The least time that so large a part of them does not exceed, in whole milliseconds; null if there is nothing in it. */
    @Nullable
    Long quantile(double part) {
        if (isEmpty()) {
            return null;
        }
        double last = sketch.getCount() - 1;
        double rank = Math.max(0, Math.ceil(part * (last + 1)) - 1);
        // The sketch takes the rank below: half a rank more is none, however it is rounded.
        return Math.round(sketch.getValueAtQuantile(rank >= last ? 1 : (rank + 0.5) / last));
    }
}
