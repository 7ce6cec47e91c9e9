package dev.steptrail.insights;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Rules that report flaky instructions, and regressions between models or app versions. */
final class ReliabilityRules {
    private static final int MIN_ENDED = 15;
    private static final double MIN_SUCCESS_RATE = 0.2;
    private static final double MAX_SUCCESS_RATE = 0.8;

    /** The confidence interval of the success rate must lie between 1 minus this value and this value. */
    private static final double MAX_INTERVAL_END = 0.9;

    private static final double MAX_CHANGE_P_VALUE = 0.01;
    private static final int MIN_TASKS_PER_GROUP = 8;
    private static final double MIN_DROP = 0.2;
    private static final double MAX_DROP_P_VALUE = 0.002;
    private static final double MIN_SLOWDOWN = 1.5;

    /** Corresponds to a one-sided p-value of 0.1 %. */
    private static final double MIN_Z_SCORE = 3.1;

    private ReliabilityRules() {}

    /**
     * Reports an instruction as flaky if at least {@value #MIN_ENDED} tasks have ended, its success rate is clearly
     * neither near 0 nor near 1, and the rate has not changed between the older and the newer half of the tasks. A
     * lower success rate with one model or app version is reported as a regression instead.
     */
    static List<Insight> findFlaky(InstructionHistory history) {
        List<TaskDigest> ended = history.ended();
        int successes = history.successes().size();
        if (ended.size() < MIN_ENDED
                || !isOutcomeUncertain(successes, ended.size())
                || hasRateChanged(ended)
                || findRegressions(history).stream().anyMatch(regression -> "success"
                        .equals(regression.figures().get("what")))) {
            return List.of();
        }
        return List.of(new Insight(
                "flaky",
                InstructionHistory.newestFirst(ended),
                Map.of(
                        "tasks",
                        ended.size(),
                        "successes",
                        successes,
                        "success_rate",
                        (double) successes / ended.size())));
    }

    private static boolean isOutcomeUncertain(int successes, int tasks) {
        double rate = (double) successes / tasks;
        Statistics.Interval interval = Statistics.wilson(successes, tasks);
        return rate >= MIN_SUCCESS_RATE
                && rate <= MAX_SUCCESS_RATE
                && interval.low() > 1 - MAX_INTERVAL_END
                && interval.high() < MAX_INTERVAL_END;
    }

    private static boolean hasRateChanged(List<TaskDigest> ended) {
        List<TaskDigest> older = ended.subList(0, ended.size() / 2);
        List<TaskDigest> newer = ended.subList(ended.size() / 2, ended.size());
        int before = countSuccesses(older);
        int after = countSuccesses(newer);
        return Statistics.fisherExact(before, older.size(), after, newer.size()) < MAX_CHANGE_P_VALUE
                || Statistics.fisherExact(after, newer.size(), before, older.size()) < MAX_CHANGE_P_VALUE;
    }

    /**
     * Reports regressions from one model or app version to the next: the success rate dropped by at least
     * {@value #MIN_DROP}, or the median duration of successful tasks is at least {@value #MIN_SLOWDOWN} times as long,
     * and chance is an unlikely cause. If both models or versions were in use at the same time, the worse one is
     * reported. Otherwise a regression is reported only for the later one.
     */
    static List<Insight> findRegressions(InstructionHistory history) {
        List<Insight> regressions = new ArrayList<>();
        regressions.addAll(findRegressions("model", history.ended(), TaskDigest::model));
        regressions.addAll(findRegressions("app_version", history.ended(), TaskDigest::appVersion));
        return regressions;
    }

    /**
     * The tasks with one model or app version.
     *
     * @param tasks oldest first
     */
    private record Group(String value, List<TaskDigest> tasks) {
        Instant medianStart() {
            return tasks.get(tasks.size() / 2).startedAt();
        }

        /** Returns whether most tasks of this group started after most tasks of the other group. */
        boolean follows(Group other) {
            return medianStart()
                            .isAfter(other.tasks.get(other.tasks.size() * 3 / 4).startedAt())
                    && tasks.get(tasks.size() / 4).startedAt().isAfter(other.medianStart());
        }
    }

    private static List<Insight> findRegressions(
            String dimension, List<TaskDigest> ended, Function<TaskDigest, @Nullable String> value) {
        List<Group> groups = groupByValue(ended, value);
        List<Insight> regressions = new ArrayList<>();
        for (int i = 1; i < groups.size(); i++) {
            Group before = groups.get(i - 1);
            Group after = groups.get(i);
            boolean overlaps = !after.follows(before);
            compare(dimension, before, after, overlaps)
                    .or(() -> overlaps ? compare(dimension, after, before, true) : Optional.empty())
                    .ifPresent(regressions::add);
        }
        return regressions;
    }

    /** Groups tasks by value and sorts the groups by their median start time. */
    private static List<Group> groupByValue(List<TaskDigest> ended, Function<TaskDigest, @Nullable String> value) {
        Map<String, List<TaskDigest>> byValue = new LinkedHashMap<>();
        for (TaskDigest task : ended) {
            String key = value.apply(task);
            if (key != null) {
                byValue.computeIfAbsent(key, name -> new ArrayList<>()).add(task);
            }
        }
        return byValue.entrySet().stream()
                .filter(group -> group.getValue().size() >= MIN_TASKS_PER_GROUP)
                .map(group -> new Group(group.getKey(), group.getValue()))
                .sorted(Comparator.comparing(Group::medianStart))
                .toList();
    }

    /** @param overlaps whether both values were in use at the same time */
    private static Optional<Insight> compare(String dimension, Group before, Group after, boolean overlaps) {
        return compareSuccess(before.tasks(), after.tasks())
                .or(() -> compareDuration(before.tasks(), after.tasks()))
                .map(figures -> {
                    Map<String, Object> allFigures = new HashMap<>(figures);
                    allFigures.put("dimension", dimension);
                    allFigures.put("from", before.value());
                    allFigures.put("to", after.value());
                    allFigures.put("at_once", overlaps);
                    return new Insight("regression", InstructionHistory.newestFirst(after.tasks()), allFigures);
                });
    }

    private static Optional<Map<String, Object>> compareSuccess(List<TaskDigest> before, List<TaskDigest> after) {
        int first = countSuccesses(before);
        int second = countSuccesses(after);
        double drop = (double) first / before.size() - (double) second / after.size();
        return drop < MIN_DROP || Statistics.fisherExact(first, before.size(), second, after.size()) >= MAX_DROP_P_VALUE
                ? Optional.empty()
                : Optional.of(figures(
                        "success",
                        (double) first / before.size(),
                        (double) second / after.size(),
                        before.size(),
                        after.size()));
    }

    private static Optional<Map<String, Object>> compareDuration(List<TaskDigest> before, List<TaskDigest> after) {
        double[] first = InstructionHistory.durations(before);
        double[] second = InstructionHistory.durations(after);
        if (first.length < MIN_TASKS_PER_GROUP || second.length < MIN_TASKS_PER_GROUP) {
            return Optional.empty();
        }
        double firstMedian = Statistics.median(first);
        double secondMedian = Statistics.median(second);
        return secondMedian < MIN_SLOWDOWN * firstMedian || Statistics.mannWhitneyZ(first, second) < MIN_Z_SCORE
                ? Optional.empty()
                : Optional.of(figures(
                        "duration", Math.round(firstMedian), Math.round(secondMedian), first.length, second.length));
    }

    private static Map<String, Object> figures(
            String what, Number before, Number after, int tasksBefore, int tasksAfter) {
        return Map.of(
                "what", what,
                "before", before,
                "after", after,
                "tasks_before", tasksBefore,
                "tasks_after", tasksAfter);
    }

    private static int countSuccesses(List<TaskDigest> tasks) {
        return (int) tasks.stream().filter(TaskDigest::isSuccess).count();
    }
}
