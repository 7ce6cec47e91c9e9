package dev.steptrail.stepformat;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What the recorder had to drop of a task so far, by reason. The counts are totals since the task began, never
 * differences: delivered twice or out of order, the highest is the truth.
 *
 * @param droppedSteps reason to count, such as {@code queue_full} to 3; each count 1 to 2147483647
 * @param droppedScreenshots likewise
 */
public record Losses(
        UUID taskId,
        Instant timestamp,
        Map<String, Long> droppedSteps,
        Map<String, Long> droppedScreenshots,
        Map<String, Object> unknown)
        implements StepRecord {

    static final Set<String> FIELDS = Fields.ofRecord("dropped_steps", "dropped_screenshots");

    public Losses {
        timestamp = Fields.storable(timestamp);
        droppedSteps = counts("dropped_steps", droppedSteps);
        droppedScreenshots = counts("dropped_screenshots", droppedScreenshots);
        unknown = Fields.unknown(unknown, FIELDS);
    }

    /** Steps dropped for any reason. */
    public long totalDroppedSteps() {
        return sum(droppedSteps);
    }

    /** Screenshots dropped for any reason. */
    public long totalDroppedScreenshots() {
        return sum(droppedScreenshots);
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static Map<String, Long> counts(String field, Map<String, Long> counts) {
        counts.values().forEach(count -> Fields.requireRange(field, count, 1, Integer.MAX_VALUE));
        return Collections.unmodifiableMap(new TreeMap<>(counts));
    }
}
