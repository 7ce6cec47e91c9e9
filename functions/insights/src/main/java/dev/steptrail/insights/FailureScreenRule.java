package dev.steptrail.insights;

import dev.steptrail.insights.Insight.StepOfRun;
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
 * Reports screens on which runs fail: at least {@value #MIN_RUNS} failed runs have a last screenshot that looks the
 * same, whatever their errors. A screen is not reported if a larger share of the latest successful runs ends on it,
 * such as the home screen. Runs without screenshots are ignored.
 *
 * <p>The newest run of a group provides its screen. Each run is compared with that screen only, so there are at most
 * 500 × 500 comparisons.
 */
final class FailureScreenRule {
    private static final int MIN_RUNS = 3;
    private static final int MAX_SCREENS = 20;

    /**
     * @param latest the latest runs with any outcome, newest first
     * @param failed the latest failed runs, newest first; they may be older
     */
    static List<Insight> of(List<RunDigest> latest, List<RunDigest> failed) {
        List<Seen> failures = seen(failed);
        List<Seen> successes = seen(latest.stream().filter(RunDigest::isSuccess).toList());
        return groups(failures).stream()
                .filter(group -> group.size() >= MIN_RUNS && !isUsual(group, failures.size(), successes))
                .sorted(Comparator.<List<Seen>>comparingInt(List::size).reversed())
                .limit(MAX_SCREENS)
                .map(group -> insight(group, failures.size()))
                .toList();
    }

    private record Seen(RunDigest run, LastScreen screen) {
        boolean isLike(Seen other) {
            return RunStep.isSimilarScreen(screen.hash(), other.screen.hash());
        }
    }

    private static List<Seen> seen(List<RunDigest> runs) {
        List<Seen> seen = new ArrayList<>();
        for (RunDigest run : runs) {
            if (run.lastScreen() != null) {
                seen.add(new Seen(run, run.lastScreen()));
            }
        }
        return seen;
    }

    /** Adds each failure to the first group whose screen is similar. */
    private static List<List<Seen>> groups(List<Seen> failures) {
        List<List<Seen>> groups = new ArrayList<>();
        for (Seen failure : failures) {
            groups.stream()
                    .filter(group -> group.get(0).isLike(failure))
                    .findFirst()
                    .orElseGet(() -> newGroup(groups))
                    .add(failure);
        }
        return groups;
    }

    private static List<Seen> newGroup(List<List<Seen>> groups) {
        List<Seen> group = new ArrayList<>();
        groups.add(group);
        return group;
    }

    private static boolean isUsual(List<Seen> group, int failures, List<Seen> successes) {
        long alike = successes.stream().filter(group.get(0)::isLike).count();
        return alike * failures > (long) group.size() * successes.size();
    }

    private static Insight insight(List<Seen> group, int failures) {
        Set<@Nullable String> errors = new HashSet<>();
        group.forEach(seen -> errors.add(seen.run().error()));
        Map<String, Object> figures =
                new HashMap<>(Map.of("runs", group.size(), "failures", failures, "errors", errors.size()));
        String error = group.get(0).run().error();
        if (errors.size() == 1 && error != null) {
            figures.put("error", error);
        }
        return new Insight(
                "failures_on_screen",
                group.stream().map(seen -> seen.run().taskId()).toList(),
                group.stream()
                        .map(seen ->
                                new StepOfRun(seen.run().taskId(), seen.screen().stepNumber()))
                        .toList(),
                figures);
    }
}
