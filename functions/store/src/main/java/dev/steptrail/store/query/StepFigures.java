package dev.steptrail.store.query;

import dev.steptrail.store.model.TaskSummary.Durations;
import dev.steptrail.store.model.TaskSummary.StepError;
import dev.steptrail.store.model.TaskSummary.StepRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Aggregates the steps of a task, which must be added in the order of their numbers. Not thread-safe. */
final class StepFigures {
    private final Map<String, Long> types = new HashMap<>();
    private final Map<String, Long> actions = new HashMap<>();
    final Figures durations = new Figures();
    final Figures intervals = new Figures();
    final Figures gaps = new Figures();
    final Figures modelTimes = new Figures();
    private final List<StepRange> missing = new ArrayList<>();
    final Timeline timeline = new Timeline();
    final StepErrors errors = new StepErrors();
    private @Nullable StepFigure before;
    private int firstWithScreenshot;
    private int lastWithScreenshot;
    private boolean lostScreenshots;

    /** Adds the next step. */
    void add(StepFigure step) {
        types.merge(step.stepType(), 1L, Long::sum);
        if (step.actionName() != null) {
            actions.merge(step.actionName(), 1L, Long::sum);
        }
        if (step.durationMs() != null) {
            durations.add(step.durationMs());
        }
        if (step.modelMs() != null) {
            modelTimes.add(step.modelMs());
        }
        addBetween(last(), step.stepNumber(), missing);
        if (before != null && before.stepNumber() + 1 == step.stepNumber()) {
            intervals.add(step.intervalAfter(before));
            Long gap = step.gapAfter(before);
            if (gap != null) {
                gaps.add(gap);
            }
        }
        timeline.add(step);
        if (step.hasFailed()) {
            errors.add(new StepError(step.stepNumber(), step.stepType(), step.actionName(), step.error()));
        }
        if (step.hasScreenshot()) {
            firstWithScreenshot = firstWithScreenshot == 0 ? step.stepNumber() : firstWithScreenshot;
            lastWithScreenshot = step.stepNumber();
        }
        lostScreenshots |= step.lostScreenshots();
        before = step;
    }

    /** Returns the number of the first step with a screenshot; 0 if there is none. */
    int firstWithScreenshot() {
        return firstWithScreenshot;
    }

    int lastWithScreenshot() {
        return lastWithScreenshot;
    }

    boolean haveLostScreenshots() {
        return lostScreenshots;
    }

    /** Returns the number of the last step; 0 if there is none. */
    int last() {
        return before == null ? 0 : before.stepNumber();
    }

    /** Returns the number of steps of each type, most frequent first. */
    Map<String, Long> byType() {
        return mostFrequent(types);
    }

    /** Returns the number of steps of each named action, most frequent first. */
    Map<String, Long> byAction() {
        return mostFrequent(actions);
    }

    private static Map<String, Long> mostFrequent(Map<String, Long> counts) {
        Map<String, Long> sorted = new LinkedHashMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(TaskSummariser.MAX_LISTED)
                .forEach(count -> sorted.put(count.getKey(), count.getValue()));
        return sorted;
    }

    /**
     * Returns the ranges of missing step numbers, ascending.
     *
     * @param last the number of the last step according to the recorder; null if unknown
     */
    List<StepRange> missing(@Nullable Integer last) {
        List<StepRange> all = new ArrayList<>(missing);
        if (last != null) {
            addBetween(last(), last + 1L, all);
        }
        return all;
    }

    private static void addBetween(int before, long number, List<StepRange> missing) {
        if (number > before + 1L && missing.size() < TaskSummariser.MAX_LISTED) {
            missing.add(new StepRange(before + 1, (int) (number - 1)));
        }
    }

    /** Values for percentiles, stored in eight bytes each, so that the values of a million steps fit into memory. */
    static final class Figures {
        private long[] values = new long[64];
        private int count;

        private void add(long value) {
            if (count == values.length) {
                values = Arrays.copyOf(values, 2 * count);
            }
            values[count++] = value;
        }

        /** Returns the numbers as durations in milliseconds. */
        Durations durations() {
            if (count == 0) {
                return Durations.UNKNOWN;
            }
            long[] sorted = Arrays.copyOf(values, count);
            Arrays.sort(sorted);
            double sum = LongStream.of(sorted).asDoubleStream().sum(); // a long may overflow
            return new Durations(
                    (long) sum, sum / count, percentile(sorted, 0.50), percentile(sorted, 0.95), sorted[count - 1]);
        }

        /** Interpolates between the two nearest numbers, as {@code percentile_cont} of Postgres does. */
        private static double percentile(long[] sorted, double fraction) {
            double place = fraction * (sorted.length - 1);
            int below = (int) Math.floor(place);
            int above = (int) Math.ceil(place);
            return sorted[below] + (place - below) * ((double) sorted[above] - sorted[below]);
        }
    }
}
