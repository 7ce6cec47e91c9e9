package dev.steptrail.insights;

import dev.steptrail.insights.Insight.EvidenceStep;
import dev.steptrail.insights.RunDigest.LastScreen;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reports screens on which at least {@value #MIN_RUNS} runs failed, with any error. The screen of a run is its last
 * screenshot. A screen, such as the home screen, is not reported if a larger fraction of the latest successful runs
 * ends on it. Runs without screenshots are ignored.
 *
 * <p>Runs are grouped by similar screens. Each run is compared only with the newest run of each group, so there are at
 * most 500 × 500 comparisons.
 */
final class FailureScreenRule {
    private static final int MIN_RUNS = 3;
    private static final int MAX_SCREENS = 20;

    /**
     * @param latest the latest runs with any outcome, newest first
     * @param failed the latest failed runs, newest first; they may be older than {@code latest}
     */
    static List<Insight> evaluate(List<RunDigest> latest, List<RunDigest> failed) {
        List<RunScreen> failures = lastScreens(failed);
        List<RunScreen> successes =
                lastScreens(latest.stream().filter(RunDigest::isSuccess).toList());
        return groupBySimilarity(failures).stream()
                .filter(group ->
                        group.size() >= MIN_RUNS && !isMoreFrequentInSuccesses(group, failures.size(), successes))
                .sorted(Comparator.<List<RunScreen>>comparingInt(List::size).reversed())
                .limit(MAX_SCREENS)
                .map(group -> createInsight(group, failures.size()))
                .toList();
    }

    private record RunScreen(RunDigest run, LastScreen screen) {
        boolean isSimilar(RunScreen other) {
            return RunStep.isSimilarScreen(screen.hash(), other.screen.hash());
        }
    }

    private static List<RunScreen> lastScreens(List<RunDigest> runs) {
        List<RunScreen> screens = new ArrayList<>();
        for (RunDigest run : runs) {
            if (run.lastScreen() != null) {
                screens.add(new RunScreen(run, run.lastScreen()));
            }
        }
        return screens;
    }

    /** Adds each failure to the first group whose first screen is similar. */
    private static List<List<RunScreen>> groupBySimilarity(List<RunScreen> failures) {
        List<List<RunScreen>> groups = new ArrayList<>();
        for (RunScreen failure : failures) {
            groups.stream()
                    .filter(group -> group.get(0).isSimilar(failure))
                    .findFirst()
                    .orElseGet(() -> addGroup(groups))
                    .add(failure);
        }
        return groups;
    }

    private static List<RunScreen> addGroup(List<List<RunScreen>> groups) {
        List<RunScreen> group = new ArrayList<>();
        groups.add(group);
        return group;
    }

    private static boolean isMoreFrequentInSuccesses(List<RunScreen> group, int failures, List<RunScreen> successes) {
        long similar = successes.stream().filter(group.get(0)::isSimilar).count();
        return similar * failures > (long) group.size() * successes.size();
    }

    private static Insight createInsight(List<RunScreen> group, int failures) {
        Set<@Nullable String> errors = new HashSet<>();
        group.forEach(screen -> errors.add(screen.run().error()));
        Map<String, Object> figures =
                new HashMap<>(Map.of("runs", group.size(), "failures", failures, "errors", errors.size()));
        String error = group.get(0).run().error();
        if (errors.size() == 1 && error != null) {
            figures.put("error", error);
        }
        return new Insight(
                "failures_on_screen",
                group.stream().map(screen -> screen.run().taskId()).toList(),
                group.stream()
                        .map(screen -> new EvidenceStep(
                                screen.run().taskId(), screen.screen().stepNumber()))
                        .toList(),
                figures);
    }
}
