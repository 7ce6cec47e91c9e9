package dev.steptrail.shipper;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The byte ranges of a task's lines that SQS has acknowledged, in any order. The task's count of shipped bytes covers
 * everything before the first gap. Ranges behind a gap are kept, so that they are not sent again. Not thread-safe.
 *
 * @param <T> the value that is returned once a range counts as shipped
 */
final class AckedRanges<T> {
    private final NavigableMap<Long, Range<T>> ranges = new TreeMap<>();
    private long shipped;

    private record Range<T>(long end, T value) {}

    /** Starts at the count that the task has stored. Discards all ranges if they were added for another count. */
    void beginAt(long count) {
        if (count != shipped) {
            ranges.clear();
            shipped = count;
        }
    }

    /** Adds an acknowledged range, which must not overlap another one. */
    void add(long start, long end, T value) {
        ranges.put(start, new Range<>(end, value));
    }

    /** The end of what counts as shipped. */
    long shipped() {
        return shipped;
    }

    /** The first offset at or after {@code offset} that is not acknowledged. */
    long nextGap(long offset) {
        long gap = offset;
        for (Map.Entry<Long, Range<T>> before = ranges.floorEntry(gap);
                before != null && before.getValue().end() > gap;
                before = ranges.floorEntry(gap)) {
            gap = before.getValue().end();
        }
        return gap;
    }

    /** The end of the gap that contains {@code offset}; {@code Long.MAX_VALUE} if nothing behind it is acknowledged. */
    long endOfGap(long offset) {
        Long next = ranges.higherKey(offset);
        return next == null ? Long.MAX_VALUE : next;
    }

    /** Moves the count over all ranges up to the first gap, and returns their values in order. */
    List<T> advance() {
        List<T> values = new ArrayList<>();
        for (Range<T> range = ranges.remove(shipped); range != null; range = ranges.remove(shipped)) {
            values.add(range.value());
            shipped = range.end();
        }
        return values;
    }
}
