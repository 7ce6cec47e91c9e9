package dev.steptrail.insights;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Predicts the next run from those that have ended: its chance of success and, if it succeeds, its duration and path.
 */
final class ExpectationRule {
    private static final int MAX_PATH = 100;

    static List<Insight> of(TextHistory history) {
        List<RunDigest> ended = history.ended();
        if (ended.size() < TextRules.MIN_RUNS) {
            return List.of();
        }
        List<RunDigest> successes = history.successes();
        Statistics.Interval share = Statistics.wilson(successes.size(), ended.size());
        Map<String, Object> figures = new HashMap<>(Map.of(
                "runs", ended.size(),
                "successes", successes.size(),
                "success_rate", (double) successes.size() / ended.size(),
                "success_rate_low", share.low(),
                "success_rate_high", share.high()));
        durations(successes, figures);
        UsualPath usual = history.usualPath();
        if (usual != null) {
            figures.put(
                    "usual_path",
                    usual.moves().stream().limit(MAX_PATH).map(Move::text).toList());
            figures.put("usual_path_similarity", usual.similarity());
            figures.put("path_of", usual.run().taskId().toString());
        }
        return List.of(new Insight("expectation", TextHistory.newestFirst(ended), figures));
    }

    private static void durations(List<RunDigest> successes, Map<String, Object> figures) {
        double[] durations = successes.stream()
                .filter(run -> run.durationMs() != null)
                .mapToDouble(RunDigest::durationMs)
                .toArray();
        if (durations.length >= TextRules.MIN_RUNS) {
            figures.put("duration_p10_ms", Math.round(Statistics.quantile(durations, 0.1)));
            figures.put("duration_p50_ms", Math.round(Statistics.median(durations)));
            figures.put("duration_p90_ms", Math.round(Statistics.quantile(durations, 0.9)));
        }
    }
}
