package dev.steptrail.cli.lines;

import java.util.Map;
import java.util.TreeMap;

/**
 * What is lost, by the reasons that a tracker uses too. What the lines themselves tell to be lost counts in, since a task
 * has one total. Not thread-safe.
 */
public final class LineLosses {
    static final String OUTBOX_FULL = "outbox_full";
    static final String OUTBOX_UNWRITABLE = "outbox_unwritable";
    static final String NOT_AN_IMAGE = "not_an_image";
    static final String INVALID = "invalid";
    static final String NO_TASK = "no_task";

    private final Map<String, Long> steps = new TreeMap<>();
    private final Map<String, Long> screenshots = new TreeMap<>();

    void step(String reason) {
        steps.merge(reason, 1L, Long::sum);
    }

    void screenshot(String reason) {
        screenshots.merge(reason, 1L, Long::sum);
    }

    /** Totals that come later, or earlier but delayed: of each reason the highest is the truth. */
    void raiseTo(Map<String, Long> steps, Map<String, Long> screenshots) {
        steps.forEach((reason, count) -> this.steps.merge(reason, count, Math::max));
        screenshots.forEach((reason, count) -> this.screenshots.merge(reason, count, Math::max));
    }

    /** Both together. */
    LineLosses plus(LineLosses other) {
        LineLosses sum = new LineLosses();
        for (LineLosses part : new LineLosses[] {this, other}) {
            part.steps.forEach((reason, count) -> sum.steps.merge(reason, count, Long::sum));
            part.screenshots.forEach((reason, count) -> sum.screenshots.merge(reason, count, Long::sum));
        }
        return sum;
    }

    /** Steps, by reason. */
    public Map<String, Long> steps() {
        return Map.copyOf(steps);
    }

    /** Pictures of steps that are there, by reason. */
    public Map<String, Long> screenshots() {
        return Map.copyOf(screenshots);
    }

    long total() {
        return total(steps) + total(screenshots);
    }

    private static long total(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Such as {@code 3 steps (invalid 1, outbox_full 2), 4 screenshots (outbox_full 4)}; empty where nothing is. */
    @Override
    public String toString() {
        String told = told("steps", steps);
        String more = told("screenshots", screenshots);
        return told.isEmpty() || more.isEmpty() ? told + more : told + ", " + more;
    }

    private static String told(String what, Map<String, Long> counts) {
        if (counts.isEmpty()) {
            return "";
        }
        String byReason = counts.toString().replace('=', ' ');
        return total(counts) + " " + what + " (" + byReason.substring(1, byReason.length() - 1) + ")";
    }
}
