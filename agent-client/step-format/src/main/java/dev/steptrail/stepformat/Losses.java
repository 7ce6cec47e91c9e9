package dev.steptrail.stepformat;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The data that the recorder has dropped since the start of the task, as counts by reason. Counts are cumulative. If
 * records arrive twice or out of order, the highest count for a reason is therefore correct.
 *
 * @param droppedSteps reason to count, such as {@code queue_full} to 3; each count 1 to 2147483647
 * @param droppedScreenshots reason to count, with the same limits
 */
public record Losses(
        UUID taskId,
        Instant timestamp,
        Map<String, Long> droppedSteps,
        Map<String, Long> droppedScreenshots,
        Map<String, Object> unknown)
        implements StepRecord {

    static final Set<String> FIELDS = Fields.recordFields("dropped_steps", "dropped_screenshots");

    public Losses {
        timestamp = Fields.toStorable(timestamp);
        droppedSteps = copyCounts("dropped_steps", droppedSteps);
        droppedScreenshots = copyCounts("dropped_screenshots", droppedScreenshots);
        unknown = Fields.copyUnknown(unknown, FIELDS);
    }

    public long totalDroppedSteps() {
        return sum(droppedSteps);
    }

    public long totalDroppedScreenshots() {
        return sum(droppedScreenshots);
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static Map<String, Long> copyCounts(String field, Map<String, Long> counts) {
        counts.values().forEach(count -> Fields.requireRange(field, count, 1, Integer.MAX_VALUE));
        return Collections.unmodifiableMap(new TreeMap<>(counts));
    }
}
