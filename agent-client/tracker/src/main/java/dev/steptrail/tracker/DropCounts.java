package dev.steptrail.tracker;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Running totals of what was dropped, by reason. Thread-safe. */
final class DropCounts {
    private final Map<DropReason, AtomicLong> counts = new EnumMap<>(DropReason.class);
    private final @Nullable DropCounts whole;

    /** Counts of a whole. */
    DropCounts() {
        this(null);
    }

    /** Counts of a part of {@code whole}, which counts the same again. */
    DropCounts(@Nullable DropCounts whole) {
        this.whole = whole;
        for (DropReason reason : DropReason.values()) {
            counts.put(reason, new AtomicLong());
        }
    }

    void add(DropReason reason) {
        add(reason, 1);
    }

    void add(DropReason reason, int times) {
        Objects.requireNonNull(counts.get(reason)).addAndGet(times);
        if (whole != null) {
            whole.add(reason, times);
        }
    }

    Map<String, Long> byKey() {
        Map<String, Long> snapshot = new TreeMap<>();
        counts.forEach((reason, count) -> {
            if (count.get() > 0) {
                snapshot.put(reason.key(), count.get());
            }
        });
        return snapshot;
    }

    long total() {
        long total = 0;
        for (AtomicLong count : counts.values()) {
            total += count.get();
        }
        return total;
    }
}
