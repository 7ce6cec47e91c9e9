package dev.steptrail.store.statistics;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketches;
import com.datadoghq.sketch.ddsketch.encoding.ByteArrayInput;
import com.datadoghq.sketch.ddsketch.encoding.GrowingByteArrayOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * A quantile sketch of durations in milliseconds (<a href="https://github.com/DataDog/sketches-java">DDSketch</a>),
 * with a relative error of at most 1 %. Sketches can be merged in any order. A sketch takes at most 18 KB, because the
 * number of buckets for the range of a long is limited. Not thread-safe.
 */
final class DurationSketch {
    static final double RELATIVE_ERROR = 0.01;

    private final DDSketch sketch = DDSketches.unboundedDense(RELATIVE_ERROR);

    /** @param millis not negative */
    void add(long millis) {
        sketch.accept((double) millis);
    }

    /**
     * Merges another sketch into this one.
     *
     * @param bytes from {@link #toBytes}; null for an empty sketch
     * @throws IllegalArgumentException if the other sketch has a different precision
     */
    void merge(byte @Nullable [] bytes) {
        if (bytes == null) {
            return;
        }
        try {
            sketch.decodeAndMergeWith(ByteArrayInput.wrap(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("the column contains an invalid DDSketch", e);
        }
    }

    boolean isEmpty() {
        return sketch.isEmpty();
    }

    /** Returns the encoded sketch, which includes its precision; null if it is empty. */
    byte @Nullable [] toBytes() {
        if (isEmpty()) {
            return null;
        }
        GrowingByteArrayOutput output = GrowingByteArrayOutput.withDefaultInitialCapacity();
        try {
            sketch.encode(output, false);
        } catch (IOException e) {
            throw new UncheckedIOException("unexpected I/O error on an in-memory buffer", e);
        }
        return output.trimmedCopy();
    }

    /**
     * Returns a quantile in whole milliseconds; null if the sketch is empty.
     *
     * @param fraction 0 to 1; 0.95 for the 95th percentile
     */
    @Nullable
    Long quantile(double fraction) {
        if (isEmpty()) {
            return null;
        }
        double last = sketch.getCount() - 1;
        double rank = Math.max(0, Math.ceil(fraction * (last + 1)) - 1);
        // Adds half a rank, because the sketch rounds down and a rounding error would select the previous rank.
        return Math.round(sketch.getValueAtQuantile(rank >= last ? 1 : (rank + 0.5) / last));
    }
}
