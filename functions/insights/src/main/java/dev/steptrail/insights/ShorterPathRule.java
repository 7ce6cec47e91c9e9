package dev.steptrail.insights;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A shorter path: some of the runs that succeed, at least {@value #LEAST_RUNS} and every tenth, do it in at least {@value #LEAST_SAVED} steps less than is
 * usual. A run of which steps are missing is none of them: it is shorter than it was.
 */
final class ShorterPathRule {
    private static final int LEAST_RUNS = 3;
    private static final int LEAST_SUCCESSES = 10;
    static final int LEAST_SAVED = 5;
    private static final int EACH = 10;

    List<Insight> of(TextHistory history) {
        List<RunDigest> successes = history.those(
                run -> run.isSuccess() && run.isWhole() && !run.path().isEmpty());
        if (successes.size() < LEAST_SUCCESSES) {
            return List.of();
        }
        double usual = Statistics.median(lengths(successes));
        List<RunDigest> shorter = successes.stream()
                .filter(run -> run.path().size() <= usual - LEAST_SAVED)
                .toList();
        if (shorter.size() < LEAST_RUNS || shorter.size() * EACH < successes.size()) {
            return List.of();
        }
        double length = Statistics.median(lengths(shorter));
        List<RunDigest> newestFirst = TextHistory.newestFirst(shorter);
        return List.of(new Insight(
                "shorter_path",
                newestFirst,
                Map.of(
                        "path_of", typical(newestFirst, length).taskId().toString(),
                        "usual_steps", Math.round(usual),
                        "steps", Math.round(length),
                        "saved_steps", Math.round(usual - length),
                        "runs", successes.size(),
                        "shorter_runs", shorter.size())));
    }

    /** The newest of those whose length is nearest to the usual one among them: the shortest may have left something out. */
    private static RunDigest typical(List<RunDigest> newestFirst, double length) {
        return Collections.min(
                newestFirst,
                Comparator.comparingDouble(run -> Math.abs(run.path().size() - length)));
    }

    private static double[] lengths(List<RunDigest> runs) {
        return runs.stream().mapToDouble(run -> run.path().size()).toArray();
    }
}
