package dev.steptrail.shipper;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The byte ranges of a task's lines that SQS has acknowledged, in any order. The acknowledged offset of the task is the
 * start of the first gap. Ranges behind the gap are kept, so that they are not sent again. Not thread-safe.
 *
 * @param <T> the value of a range, which {@link #advance} returns
 */
final class AckedRanges<T> {
    private final NavigableMap<Long, Range<T>> ranges = new TreeMap<>();
    private long acknowledgedOffset;

    private record Range<T>(long end, T value) {}

    /** Starts at the task's stored shipped offset. Discards all ranges if they were added for another offset. */
    void startAt(long offset) {
        if (offset != acknowledgedOffset) {
            ranges.clear();
            acknowledgedOffset = offset;
        }
    }

    /** Adds an acknowledged range, which must not overlap another one. */
    void add(long start, long end, T value) {
        ranges.put(start, new Range<>(end, value));
    }

    /** Returns the offset before which everything is acknowledged. {@link #advance} moves it. */
    long acknowledgedOffset() {
        return acknowledgedOffset;
    }

    /** Returns the first offset at or after {@code offset} that is not acknowledged. */
    long nextUnacknowledged(long offset) {
        long gap = offset;
        for (Map.Entry<Long, Range<T>> before = ranges.floorEntry(gap);
                before != null && before.getValue().end() > gap;
                before = ranges.floorEntry(gap)) {
            gap = before.getValue().end();
        }
        return gap;
    }

    /** Returns the end of the gap at {@code offset}; {@code Long.MAX_VALUE} if nothing behind it is acknowledged. */
    long gapEnd(long offset) {
        Long next = ranges.higherKey(offset);
        return next == null ? Long.MAX_VALUE : next;
    }

    /** Moves the acknowledged offset to the first gap. Returns the values of the ranges before it, in order. */
    List<T> advance() {
        List<T> values = new ArrayList<>();
        Range<T> range;
        while ((range = ranges.remove(acknowledgedOffset)) != null) {
            values.add(range.value());
            acknowledgedOffset = range.end();
        }
        return values;
    }
}
