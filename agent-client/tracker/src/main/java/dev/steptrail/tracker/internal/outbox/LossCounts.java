package dev.steptrail.tracker.internal.outbox;

import dev.steptrail.stepformat.Losses;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Counts lost steps and screenshots by reason. The counts never decrease. Thread-safe.
 *
 * <p>Losses that the agent reports are stored separately: a report contains totals, so the highest report for a reason
 * applies. {@link #toRecord} adds counted and reported losses.
 */
public final class LossCounts {
    private final @Nullable LossCounts parent;
    private final Map<String, Long> steps = new ConcurrentHashMap<>();
    private final Map<String, Long> screenshots = new ConcurrentHashMap<>();
    private final Map<String, Long> reportedSteps = new ConcurrentHashMap<>();
    private final Map<String, Long> reportedScreenshots = new ConcurrentHashMap<>();

    public LossCounts() {
        this(null);
    }

    /** Creates counts whose increments are also added to {@code parent}. */
    public LossCounts(@Nullable LossCounts parent) {
        this.parent = parent;
    }

    public void addStep(LossReason reason) {
        steps.merge(reason.key(), 1L, Long::sum);
        if (parent != null) {
            parent.addStep(reason);
        }
    }

    /** Counts lost screenshots of a step that is not lost itself. */
    public void addScreenshots(LossReason reason, int count) {
        screenshots.merge(reason.key(), (long) count, Long::sum);
        if (parent != null) {
            parent.addScreenshots(reason, count);
        }
    }

    /** Stores totals that the agent reported; a total lower than an earlier one is ignored. */
    public void report(Losses losses) {
        losses.droppedSteps().forEach((reason, count) -> reportedSteps.merge(reason, count, Math::max));
        losses.droppedScreenshots().forEach((reason, count) -> reportedScreenshots.merge(reason, count, Math::max));
    }

    /** Returns the counted lost steps by reason, without reported ones. */
    public Map<String, Long> steps() {
        return new TreeMap<>(steps);
    }

    /** Returns the counted lost screenshots by reason, without reported ones. */
    public Map<String, Long> screenshots() {
        return new TreeMap<>(screenshots);
    }

    /** Returns the number of lost steps and screenshots, counted and reported. */
    long total() {
        return sum(steps) + sum(screenshots) + sum(reportedSteps) + sum(reportedScreenshots);
    }

    /** Returns the record of all losses of a task so far, counted and reported. */
    Losses toRecord(UUID task, Instant timestamp, Map<String, Object> unknown) {
        return new Losses(task, timestamp, sum(steps, reportedSteps), sum(screenshots, reportedScreenshots), unknown);
    }

    private static Map<String, Long> sum(Map<String, Long> counted, Map<String, Long> reported) {
        Map<String, Long> sums = new TreeMap<>(counted);
        reported.forEach((reason, count) -> sums.merge(reason, count, Long::sum));
        return sums;
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Returns, for example, {@code 3 steps (invalid 1, outbox_full 2), 4 screenshots (outbox_full 4)}. */
    @Override
    public String toString() {
        String lostSteps = describe("step", steps());
        String lostScreenshots = describe("screenshot", screenshots());
        return lostSteps + (lostSteps.isEmpty() || lostScreenshots.isEmpty() ? "" : ", ") + lostScreenshots;
    }

    private static String describe(String noun, Map<String, Long> counts) {
        return counts.isEmpty()
                ? ""
                : counts.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.joining(
                                ", ", sum(counts) + " " + noun + (sum(counts) == 1 ? " (" : "s ("), ")"));
    }
}
