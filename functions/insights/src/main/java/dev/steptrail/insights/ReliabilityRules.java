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

/** Rules that report instructions whose runs succeed by chance, and models or app versions that made runs worse. */
final class ReliabilityRules {
    private static final int MIN_ENDED = 15;
    private static final double LOW = 0.2;
    private static final double HIGH = 0.8;

    /** If the confidence interval of the success rate contains this value, the outcome may be nearly constant. */
    private static final double NEARLY_ALWAYS = 0.9;

    private static final double HALVES_DIFFER = 0.01;
    private static final int MIN_RUNS = 8;
    private static final double MIN_DROP = 0.2;
    private static final double MAX_CHANCE = 0.002;
    private static final double MIN_SLOWDOWN = 1.5;

    /** The z-score that chance exceeds once in a thousand times. */
    private static final double MIN_Z_SCORE = 3.1;

    private ReliabilityRules() {}

    /**
     * Reports an instruction as flaky: at least {@value #MIN_ENDED} runs have ended, and success is nearly random in
     * the earlier half of them as well as in the later. An instruction that nearly always or nearly never succeeds is
     * not flaky. One that succeeds less often with one model or app version than with another is a regression instead.
     */
    static List<Insight> flaky(TextHistory history) {
        List<RunDigest> ended = history.ended();
        int successes = history.successes().size();
        if (ended.size() < MIN_ENDED
                || !isRandom(successes, ended.size())
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

    private static boolean isRandom(int successes, int runs) {
        double share = (double) successes / runs;
        Statistics.Interval true95 = Statistics.wilson(successes, runs);
        return share >= LOW && share <= HIGH && true95.low() > 1 - NEARLY_ALWAYS && true95.high() < NEARLY_ALWAYS;
    }

    private static boolean changed(List<RunDigest> ended) {
        List<RunDigest> earlier = ended.subList(0, ended.size() / 2);
        List<RunDigest> later = ended.subList(ended.size() / 2, ended.size());
        int before = successes(earlier);
        int after = successes(later);
        return Statistics.fisherExact(before, earlier.size(), after, later.size()) < HALVES_DIFFER
                || Statistics.fisherExact(after, later.size(), before, earlier.size()) < HALVES_DIFFER;
    }

    /**
     * Reports regressions from one model or app version to the next. The success rate drops by at least
     * {@value #MIN_DROP}, or successful runs take at least half as long again, with less than 0.2 % probability by
     * chance. If both are in use at the same time, the worse one is reported, whichever came first. Otherwise only the
     * later one is, because the reverse is an improvement.
     */
    static List<Insight> regressions(TextHistory history) {
        List<Insight> found = new ArrayList<>();
        found.addAll(between("model", history.ended(), RunDigest::model));
        found.addAll(between("app_version", history.ended(), RunDigest::appVersion));
        return found;
    }

    /**
     * The runs of one model or app version.
     *
     * @param runs oldest first
     */
    private record Group(String value, List<RunDigest> runs) {
        Instant middle() {
            return runs.get(runs.size() / 2).startedAt();
        }

        /** Returns whether most of its runs started after most runs of the other group. */
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

    /** Groups runs by value, in the order of the times at which the values were in use. */
    private static List<Group> groups(List<RunDigest> ended, Function<RunDigest, @Nullable String> value) {
        Map<String, List<RunDigest>> byValue = new LinkedHashMap<>();
        for (RunDigest run : ended) {
            String key = value.apply(run);
            if (key != null) {
                byValue.computeIfAbsent(key, name -> new ArrayList<>()).add(run);
            }
        }
        return byValue.entrySet().stream()
                .filter(group -> group.getValue().size() >= MIN_RUNS)
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
        return drop < MIN_DROP || Statistics.fisherExact(first, before.size(), second, after.size()) >= MAX_CHANCE
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
        if (first.length < MIN_RUNS || second.length < MIN_RUNS) {
            return Optional.empty();
        }
        double usual = Statistics.median(first);
        double now = Statistics.median(second);
        return now < MIN_SLOWDOWN * usual || Statistics.mannWhitneyZ(first, second) < MIN_Z_SCORE
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
