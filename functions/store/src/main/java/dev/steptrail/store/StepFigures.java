package dev.steptrail.store;

import dev.steptrail.store.TaskSummary.Durations;
import dev.steptrail.store.TaskSummary.StepRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adds up the steps of a task, which come in any order. In memory a step takes some bytes: a task of a million fits. Not
 * thread-safe.
 */
final class StepFigures {
    private final Map<String, Long> types = new HashMap<>();
    private final Map<String, Long> actions = new HashMap<>();
    private long[] durations = new long[64];
    private int timed;
    private int[] numbers = new int[64];
    private int count;

    /** Adds a step. */
    void add(int stepNumber, String stepType, @Nullable String actionName, @Nullable Long durationMs) {
        if (count == numbers.length) {
            numbers = Arrays.copyOf(numbers, 2 * count);
        }
        numbers[count++] = stepNumber;
        types.merge(stepType, 1L, Long::sum);
        if (actionName != null) {
            actions.merge(actionName, 1L, Long::sum);
        }
        if (durationMs != null) {
            if (timed == durations.length) {
                durations = Arrays.copyOf(durations, 2 * timed);
            }
            durations[timed++] = durationMs;
        }
    }

    Durations durations() {
        if (timed == 0) {
            return new Durations(null, null, null, null);
        }
        long[] sorted = Arrays.copyOf(durations, timed);
        Arrays.sort(sorted);
        double sum = 0; // of longs it may be more than a long holds
        for (long duration : sorted) {
            sum += duration;
        }
        return new Durations(sum / timed, percentile(sorted, 0.50), percentile(sorted, 0.95), sorted[timed - 1]);
    }

    /** Between the two that are nearest, as {@code percentile_cont} of Postgres has it. */
    private static double percentile(long[] sorted, double fraction) {
        double place = fraction * (sorted.length - 1);
        int below = (int) Math.floor(place);
        int above = (int) Math.ceil(place);
        return sorted[below] + (place - below) * ((double) sorted[above] - sorted[below]);
    }

    /** How many steps of each type, most frequent first. */
    Map<String, Long> byType() {
        return mostFrequent(types);
    }

    /** How many of each action that has a name, most frequent first. */
    Map<String, Long> byAction() {
        return mostFrequent(actions);
    }

    private static Map<String, Long> mostFrequent(Map<String, Long> counts) {
        Map<String, Long> sorted = new LinkedHashMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(SummariseTask.MAX_LISTED)
                .forEach(count -> sorted.put(count.getKey(), count.getValue()));
        return sorted;
    }

    /**
     * Numbers that no step has, in their order.
     *
     * @param last the number of the last step that was taken, by the recorder's word; null where it is not known
     */
    List<StepRange> missing(@Nullable Integer last) {
        int[] sorted = Arrays.copyOf(numbers, count);
        Arrays.sort(sorted);
        List<StepRange> missing = new ArrayList<>();
        int before = 0;
        for (int number : sorted) {
            addBetween(before, number, missing);
            before = number;
        }
        if (last != null) {
            addBetween(before, last + 1L, missing);
        }
        return missing;
    }

    private static void addBetween(int before, long number, List<StepRange> missing) {
        if (number > before + 1L && missing.size() < SummariseTask.MAX_LISTED) {
            missing.add(new StepRange(before + 1, (int) (number - 1)));
        }
    }
}
