package dev.steptrail.insights;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * From one model, or version of the app, to the next: runs succeed less often, by {@value #LEAST_DROP} at least, or those that succeed take longer,
 * half as long again at least; and chance would do that in fewer than two of a thousand texts.
 */
final class RegressionRule implements TextRule {
    private static final int LEAST_RUNS = 8;
    private static final double LEAST_DROP = 0.2;
    private static final double CHANCE = 0.002;
    private static final double LONGER = 1.5;

    /** Standard deviations that chance passes once in a thousand times. */
    private static final double FAR = 3.1;

    @Override
    public List<Insight> of(TextHistory history) {
        List<Insight> found = new ArrayList<>();
        found.addAll(between("model", history.ended(), RunDigest::model));
        found.addAll(between("app_version", history.ended(), RunDigest::appVersion));
        return found;
    }

    private static List<Insight> between(
            String dimension, List<RunDigest> ended, Function<RunDigest, @Nullable String> value) {
        Map<String, List<RunDigest>> byValue = new LinkedHashMap<>(); // in the order in which they first came
        for (RunDigest run : ended) {
            String its = value.apply(run);
            if (its != null) {
                byValue.computeIfAbsent(its, name -> new ArrayList<>()).add(run);
            }
        }
        byValue.values().removeIf(runs -> runs.size() < LEAST_RUNS);
        List<String> values = List.copyOf(byValue.keySet());
        List<Insight> found = new ArrayList<>();
        for (int i = 1; i < values.size(); i++) {
            List<RunDigest> before = Objects.requireNonNull(byValue.get(values.get(i - 1)));
            List<RunDigest> after = Objects.requireNonNull(byValue.get(values.get(i)));
            Map<String, Object> change = Map.of("dimension", dimension, "from", values.get(i - 1), "to", values.get(i));
            success(before, after).or(() -> duration(before, after)).ifPresent(figures -> {
                Map<String, Object> all = new HashMap<>(figures);
                all.putAll(change);
                found.add(new Insight("regression", TextHistory.newestFirst(after), all));
            });
        }
        return found;
    }

    private static Optional<Map<String, Object>> success(List<RunDigest> before, List<RunDigest> after) {
        int first = (int) before.stream().filter(RunDigest::isSuccess).count();
        int second = (int) after.stream().filter(RunDigest::isSuccess).count();
        double drop = (double) first / before.size() - (double) second / after.size();
        return drop < LEAST_DROP || Shares.byChance(first, before.size(), second, after.size()) >= CHANCE
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
        double usual = Numbers.median(first);
        double now = Numbers.median(second);
        return now < LONGER * usual || Numbers.above(first, second) < FAR
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
}
