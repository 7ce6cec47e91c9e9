package dev.steptrail.store.query;

import dev.steptrail.store.model.TaskSummary;
import dev.steptrail.store.model.TaskSummary.Durations;
import dev.steptrail.store.model.TaskSummary.StepRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Adds up the steps of a task, which come in the order of their numbers. Not thread-safe. */
final class StepFigures {
    private final Map<String, Long> types = new HashMap<>();
    private final Map<String, Long> actions = new HashMap<>();
    private final Figures durations = new Figures();
    private final Figures intervals = new Figures();
    private final Figures gaps = new Figures();
    private final Figures modelTimes = new Figures();
    private final List<StepRange> missing = new ArrayList<>();
    private final Timeline timeline = new Timeline();
    private @Nullable StepFigure before;

    /** Adds the next step. */
    void add(StepFigure step) {
        types.merge(step.stepType(), 1L, Long::sum);
        if (step.action() != null) {
            actions.merge(step.action(), 1L, Long::sum);
        }
        if (step.durationMs() != null) {
            durations.add(step.durationMs());
        }
        if (step.modelMs() != null) {
            modelTimes.add(step.modelMs());
        }
        addBetween(before == null ? 0 : before.stepNumber(), step.stepNumber(), missing);
        if (before != null && before.stepNumber() + 1 == step.stepNumber()) {
            intervals.add(step.intervalAfter(before));
            Long gap = step.gapAfter(before);
            if (gap != null) {
                gaps.add(gap);
            }
        }
        timeline.add(step);
        before = step;
    }

    Durations durations() {
        return durations.durations();
    }

    /** Between steps whose numbers follow each other. */
    Durations gaps() {
        return gaps.durations();
    }

    /** Likewise. */
    Durations intervals() {
        return intervals.durations();
    }

    Durations modelTimes() {
        return modelTimes.durations();
    }

    List<TaskSummary.Stretch> timeline() {
        return timeline.stretches();
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
                .limit(TaskSummariser.MAX_LISTED)
                .forEach(count -> sorted.put(count.getKey(), count.getValue()));
        return sorted;
    }

    /**
     * Numbers that no step has, in their order.
     *
     * @param last the number of the last step that was taken, by the recorder's word; null where it is not known
     */
    List<StepRange> missing(@Nullable Integer last) {
        List<StepRange> all = new ArrayList<>(missing);
        if (last != null) {
            addBetween(before == null ? 0 : before.stepNumber(), last + 1L, all);
        }
        return all;
    }

    private static void addBetween(int before, long number, List<StepRange> missing) {
        if (number > before + 1L && missing.size() < TaskSummariser.MAX_LISTED) {
            missing.add(new StepRange(before + 1, (int) (number - 1)));
        }
    }
}
