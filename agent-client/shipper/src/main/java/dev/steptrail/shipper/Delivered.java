package dev.steptrail.shipper;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Which parts of a task's lines have been delivered, in whatever order that came to pass: what may count as shipped reaches
 * from the beginning to the first gap, and what lies behind a gap need not be sent again. Not thread-safe.
 *
 * @param <T> what is to be done once a part counts as shipped
 */
final class Delivered<T> {
    private final NavigableMap<Long, Part<T>> parts = new TreeMap<>();
    private long shipped;

    private record Part<T>(long end, T what) {}

    /** Begins where the task's own count stands; what was known of a count that is not that one is forgotten. */
    void beginAt(long count) {
        if (count != shipped) {
            parts.clear();
            shipped = count;
        }
    }

    /** Notes a part that is delivered and that no other one overlaps. */
    void add(long start, long end, T what) {
        parts.put(start, new Part<>(end, what));
    }

    /** Up to where everything counts as shipped. */
    long shipped() {
        return shipped;
    }

    /** The first offset from {@code offset} on that is not delivered. */
    long nextGap(long offset) {
        long gap = offset;
        for (Map.Entry<Long, Part<T>> before = parts.floorEntry(gap);
                before != null && before.getValue().end() > gap;
                before = parts.floorEntry(gap)) {
            gap = before.getValue().end();
        }
        return gap;
    }

    /** Where the gap that holds {@code offset} ends; as far as can be if nothing behind it is delivered. */
    long endOfGap(long offset) {
        Long next = parts.higherKey(offset);
        return next == null ? Long.MAX_VALUE : next;
    }

    /** Moves the count over all parts up to the first gap, and hands them out in their order. */
    List<T> takeShipped() {
        List<T> taken = new ArrayList<>();
        for (Part<T> part = parts.remove(shipped); part != null; part = parts.remove(shipped)) {
            taken.add(part.what());
            shipped = part.end();
        }
        return taken;
    }
}
