package dev.steptrail.tracker;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Running totals of what was dropped, by reason. Thread-safe. */
final class DropCounts {
    private final Map<DropReason, Long> counts = new ConcurrentHashMap<>();
    private final @Nullable DropCounts whole;

    /** Counts of a whole. */
    DropCounts() {
        this(null);
    }

    /** Counts of a part of {@code whole}, which counts the same again. */
    DropCounts(@Nullable DropCounts whole) {
        this.whole = whole;
    }

    void add(DropReason reason) {
        counts.merge(reason, 1L, Long::sum);
        if (whole != null) {
            whole.add(reason);
        }
    }

    Map<String, Long> byKey() {
        Map<String, Long> snapshot = new TreeMap<>();
        counts.forEach((reason, count) -> snapshot.put(reason.key(), count));
        return snapshot;
    }

    long total() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
