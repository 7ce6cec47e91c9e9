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

/** Says of the runs of a task text whether they succeed by chance, and whether a model or version of the app made them worse. */
final class ReliabilityRules {
    private static final int LEAST_ENDED = 15;
    private static final double LOW = 0.2;
    private static final double HIGH = 0.8;

    /** Where the true share may be as high or low as this, it may be a task that mostly does the same. */
    private static final double NEARLY_ALWAYS = 0.9;

    private static final double HALVES_DIFFER = 0.01;
    private static final int LEAST_RUNS = 8;
    private static final double LEAST_DROP = 0.2;
    private static final double CHANCE = 0.002;
    private static final double LONGER = 1.5;

    /** Standard deviations that chance passes once in a thousand times. */
    private static final double FAR = 3.1;

    private ReliabilityRules() {}

    /**
     * Returns whether the task is flaky: at least {@value #LEAST_ENDED} runs ended, and whether one succeeds is nearly anybody's guess, in the earlier
     * half of them as in the later. What succeeds nearly always or hardly ever is not flaky; what succeeds less often with one model, or
     * version of the app, than with another is a regression.
     */
    static List<Insight> flaky(TextHistory history) {
        List<RunDigest> ended = history.ended();
        int successes = history.successes().size();
        if (ended.size() < LEAST_ENDED
                || !isAGuess(successes, ended.size())
                || changed(ended)
                || regressions(history).stream()
                        .anyMatch(worse -> "success".equals(worse.figures().get("what")))) {
            return List.of();
        }
        return List.of(new Insight(
                "flaky",
                TextHistory.newestFirst(ended),
                Map.of(
                        "runs",
                        ended.size(),
                        "successes",
                        successes,
                        "success_rate",
                        (double) successes / ended.size())));
    }

    private static boolean isAGuess(int successes, int runs) {
        double share = (double) successes / runs;
        Statistics.Interval true95 = Statistics.wilson(successes, runs);
        return share >= LOW && share <= HIGH && true95.low() > 1 - NEARLY_ALWAYS && true95.high() < NEARLY_ALWAYS;
    }

    private static boolean changed(List<RunDigest> ended) {
        List<RunDigest> earlier = ended.subList(0, ended.size() / 2);
        List<RunDigest> later = ended.subList(ended.size() / 2, ended.size());
        int before = successes(earlier);
        int after = successes(later);
        return Statistics.byChance(before, earlier.size(), after, later.size()) < HALVES_DIFFER
                || Statistics.byChance(after, later.size(), before, earlier.size()) < HALVES_DIFFER;
    }

    /**
     * Returns where runs succeed less often from one model, or version of the app, to the next, by {@value #LEAST_DROP} at least, or where those that succeed
     * take half as long again at least; and chance would do that in fewer than two of a thousand comparisons. Of two that are in use at the
     * same time the worse one is reported, whichever came first; of two that follow each other only the later, for else it would be an
     * improvement.
     */
    static List<Insight> regressions(TextHistory history) {
        List<Insight> found = new ArrayList<>();
        found.addAll(between("model", history.ended(), RunDigest::model));
        found.addAll(between("app_version", history.ended(), RunDigest::appVersion));
        return found;
    }

    /**
     * The runs of a model, or version.
     *
     * @param runs oldest first
     */
    private record Group(String value, List<RunDigest> runs) {
        Instant middle() {
            return runs.get(runs.size() / 2).startedAt();
        }

        /** Whether most of its runs began after most of the other's. */
        boolean follows(Group other) {
            return middle().isAfter(other.runs.get(other.runs.size() * 3 / 4).startedAt())
                    && runs.get(runs.size() / 4).startedAt().isAfter(other.middle());
        }
    }

    private static List<Insight> between(
            String dimension, List<RunDigest> ended, Function<RunDigest, @Nullable String> value) {
        List<Group> groups = groups(ended, value);
        List<Insight> found = new ArrayList<>();
        for (int i = 1; i < groups.size(); i++) {
            Group before = groups.get(i - 1);
            Group after = groups.get(i);
            boolean atOnce = !after.follows(before);
            Optional<Insight> worse = worse(dimension, before, after, atOnce);
            (worse.isEmpty() && atOnce ? worse(dimension, after, before, true) : worse).ifPresent(found::add);
        }
        return found;
    }

    /** In the order of the times at which they were in use. */
    private static List<Group> groups(List<RunDigest> ended, Function<RunDigest, @Nullable String> value) {
        Map<String, List<RunDigest>> byValue = new LinkedHashMap<>();
        for (RunDigest run : ended) {
            String its = value.apply(run);
            if (its != null) {
                byValue.computeIfAbsent(its, name -> new ArrayList<>()).add(run);
            }
        }
        return byValue.entrySet().stream()
                .filter(group -> group.getValue().size() >= LEAST_RUNS)
                .map(group -> new Group(group.getKey(), group.getValue()))
                .sorted(Comparator.comparing(Group::middle))
                .toList();
    }

    private static Optional<Insight> worse(String dimension, Group before, Group after, boolean atOnce) {
        return success(before.runs(), after.runs())
                .or(() -> duration(before.runs(), after.runs()))
                .map(figures -> {
                    Map<String, Object> all = new HashMap<>(figures);
                    all.put("dimension", dimension);
                    all.put("from", before.value());
                    all.put("to", after.value());
                    all.put("at_once", atOnce);
                    return new Insight("regression", TextHistory.newestFirst(after.runs()), all);
                });
    }

    private static Optional<Map<String, Object>> success(List<RunDigest> before, List<RunDigest> after) {
        int first = successes(before);
        int second = successes(after);
        double drop = (double) first / before.size() - (double) second / after.size();
        return drop < LEAST_DROP || Statistics.byChance(first, before.size(), second, after.size()) >= CHANCE
                ? Optional.empty()
                : Optional.of(Map.of(
                        "what",
                        "success",
                        "before",
                        (double) first / before.size(),
                        "after",
                        (double) second / after.size(),
                        "runs_before",
                        before.size(),
                        "runs_after",
                        after.size()));
    }

    private static Optional<Map<String, Object>> duration(List<RunDigest> before, List<RunDigest> after) {
        double[] first = durations(before);
        double[] second = durations(after);
        if (first.length < LEAST_RUNS || second.length < LEAST_RUNS) {
            return Optional.empty();
        }
        double usual = Statistics.median(first);
        double now = Statistics.median(second);
        return now < LONGER * usual || Statistics.above(first, second) < FAR
                ? Optional.empty()
                : Optional.of(Map.of(
                        "what",
                        "duration",
                        "before",
                        Math.round(usual),
                        "after",
                        Math.round(now),
                        "runs_before",
                        first.length,
                        "runs_after",
                        second.length));
    }

    private static double[] durations(List<RunDigest> runs) {
        return runs.stream()
                .filter(run -> run.isSuccess() && run.durationMs() != null)
                .mapToDouble(RunDigest::durationMs)
                .toArray();
    }

    private static int successes(List<RunDigest> runs) {
        return (int) runs.stream().filter(RunDigest::isSuccess).count();
    }
}
