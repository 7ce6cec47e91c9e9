package dev.steptrail.insights;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reports the success rate of ended runs, and the usual duration and path of successful runs. */
final class ExpectationRule {
    private static final int MAX_PATH_LENGTH = 100;

    static List<Insight> evaluate(InstructionHistory history) {
        List<RunDigest> ended = history.ended();
        if (ended.size() < InstructionRules.MIN_RUNS) {
            return List.of();
        }
        List<RunDigest> successes = history.successes();
        Statistics.Interval interval = Statistics.wilson(successes.size(), ended.size());
        Map<String, Object> figures = new HashMap<>(Map.of(
                "runs", ended.size(),
                "successes", successes.size(),
                "success_rate", (double) successes.size() / ended.size(),
                "success_rate_low", interval.low(),
                "success_rate_high", interval.high()));
        addDurations(successes, figures);
        UsualPath usual = history.usualPath();
        if (usual != null) {
            figures.put(
                    "usual_path",
                    usual.moves().stream()
                            .limit(MAX_PATH_LENGTH)
                            .map(Move::text)
                            .toList());
            figures.put("usual_path_similarity", usual.similarity());
            figures.put("path_of", usual.run().taskId().toString());
        }
        return List.of(new Insight("expectation", InstructionHistory.newestFirst(ended), figures));
    }

    private static void addDurations(List<RunDigest> successes, Map<String, Object> figures) {
        double[] durations = successes.stream()
                .filter(run -> run.durationMs() != null)
                .mapToDouble(RunDigest::durationMs)
                .toArray();
        if (durations.length >= InstructionRules.MIN_RUNS) {
            figures.put("duration_p10_ms", Math.round(Statistics.quantile(durations, 0.1)));
            figures.put("duration_p50_ms", Math.round(Statistics.median(durations)));
            figures.put("duration_p90_ms", Math.round(Statistics.quantile(durations, 0.9)));
        }
    }
}
