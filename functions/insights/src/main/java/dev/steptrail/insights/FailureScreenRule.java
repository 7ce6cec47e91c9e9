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
 * Failures on a screen: what was seen last looks the same in at least {@value #LEAST} runs that failed, whatever their errors. Where of the latest runs that succeeded a larger
 * share ends on it, such as the home screen, it says nothing. Of runs without screenshots nothing is told, and they are in no share.
 *
 * <p>A screen is that of the newest run that ended there; it is compared with the first screen of each group only, so at most 500 times 500.
 */
final class FailureScreenRule {
    private static final int LEAST = 3;
    private static final int MOST = 20;

    /**
     * @param latest runs, however they went, newest first
     * @param failed the latest that failed, newest first; they reach back further
     */
    static List<Insight> of(List<RunDigest> latest, List<RunDigest> failed) {
        List<Seen> failures = seen(failed);
        List<Seen> successes = seen(latest.stream().filter(RunDigest::isSuccess).toList());
        return groups(failures).stream()
                .filter(group -> group.size() >= LEAST && !isUsual(group, failures.size(), successes))
                .sorted(Comparator.<List<Seen>>comparingInt(List::size).reversed())
                .limit(MOST)
                .map(group -> insight(group, failures.size()))
                .toList();
    }

    private record Seen(RunDigest run, LastScreen screen) {
        boolean isLike(Seen other) {
            return RunStep.looksAlike(screen.hash(), other.screen.hash());
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

    /** Each with the first whose screen is like its own. */
    private static List<List<Seen>> groups(List<Seen> failures) {
        List<List<Seen>> groups = new ArrayList<>();
        for (Seen failure : failures) {
            groups.stream()
                    .filter(group -> group.get(0).isLike(failure))
                    .findFirst()
                    .orElseGet(() -> begun(groups))
                    .add(failure);
        }
        return groups;
    }

    private static List<Seen> begun(List<List<Seen>> groups) {
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
