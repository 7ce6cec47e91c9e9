package dev.steptrail.store.query;

import dev.steptrail.insights.Statistics;
import dev.steptrail.store.model.TaskSummary;
import dev.steptrail.store.model.TaskSummary.Durations;
import dev.steptrail.store.model.TaskSummary.StepError;
import dev.steptrail.store.model.TaskSummary.StepRange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/** Aggregates the steps of a task, which must be added in the order of their numbers. Not thread-safe. */
final class StepAggregator {
    private final Map<String, Long> types = new HashMap<>();
    private final Map<String, Long> actions = new HashMap<>();
    final Percentiles durations = new Percentiles();
    final Percentiles intervals = new Percentiles();
    final Percentiles gaps = new Percentiles();
    final Percentiles modelTimes = new Percentiles();
    private final List<StepRange> missing = new ArrayList<>();
    final Timeline timeline = new Timeline();
    final StepErrors errors = new StepErrors();
    private @Nullable StepMetrics previous;
    private int count;
    private int lastStepNumber;
    private int firstWithScreenshot;
    private int lastWithScreenshot;
    private final List<Integer> lostScreenshots = new ArrayList<>();

    void add(StepMetrics step) {
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
        addMissing(lastStepNumber, step.stepNumber(), missing);
        if (previous != null && previous.stepNumber() + 1 == step.stepNumber()) {
            intervals.add(step.intervalAfter(previous));
            Long gap = step.gapAfter(previous);
            if (gap != null) {
                gaps.add(gap);
            }
        }
        timeline.add(step);
        addError(step);
        if (step.hasScreenshot()) {
            firstWithScreenshot = firstWithScreenshot == 0 ? step.stepNumber() : firstWithScreenshot;
            lastWithScreenshot = step.stepNumber();
        }
        if (step.lostScreenshots()) {
            lostScreenshots.add(step.stepNumber());
        }
        previous = step;
        lastStepNumber = step.stepNumber();
        count++;
    }

    /** Adds only the error of a step, if the step failed. */
    void addError(StepMetrics step) {
        if (step.hasFailed()) {
            errors.add(new StepError(step.stepNumber(), step.stepType(), step.actionName(), step.error()));
        }
    }

    /** Omits the steps up to this number. They do not count as missing. */
    void omitUpTo(int stepNumber) {
        previous = null;
        lastStepNumber = stepNumber;
    }

    /** Returns the number of steps that were added. */
    int count() {
        return count;
    }

    /** Returns the number of the first step with a screenshot; 0 if there is none. */
    int firstWithScreenshot() {
        return firstWithScreenshot;
    }

    int lastWithScreenshot() {
        return lastWithScreenshot;
    }

    /** Returns the numbers of the steps that report lost screenshots. */
    List<Integer> withLostScreenshots() {
        return lostScreenshots;
    }

    /** Returns the number of the last step that was added or omitted; 0 if there is none. */
    int lastStepNumber() {
        return lastStepNumber;
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
                .limit(TaskSummary.MAX_LISTED)
                .forEach(count -> sorted.put(count.getKey(), count.getValue()));
        return sorted;
    }

    /**
     * Returns the ranges of missing step numbers, in ascending order.
     *
     * @param last the number of the last step according to the recorder; null if unknown
     */
    List<StepRange> missing(@Nullable Integer last) {
        List<StepRange> all = new ArrayList<>(missing);
        if (last != null) {
            addMissing(lastStepNumber, last + 1L, all);
        }
        return all;
    }

    private static void addMissing(int previous, long next, List<StepRange> ranges) {
        if (next > previous + 1L && ranges.size() < TaskSummary.MAX_LISTED) {
            ranges.add(new StepRange(previous + 1, (int) (next - 1)));
        }
    }

    /** Collects values for percentiles. */
    static final class Percentiles {
        private final List<Long> values = new ArrayList<>();

        private void add(long value) {
            values.add(value);
        }

        /** Returns the statistics of the values, which are durations in milliseconds. */
        Durations durations() {
            if (values.isEmpty()) {
                return Durations.UNKNOWN;
            }
            double[] numbers = values.stream().mapToDouble(Long::doubleValue).toArray();
            double sum = DoubleStream.of(numbers).sum(); // a sum of long values may overflow
            return new Durations(
                    (long) sum,
                    sum / numbers.length,
                    Statistics.quantile(numbers, 0.50),
                    Statistics.quantile(numbers, 0.95),
                    Collections.max(values));
        }
    }
}
