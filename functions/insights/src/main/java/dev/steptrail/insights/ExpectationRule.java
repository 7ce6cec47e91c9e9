package dev.steptrail.insights;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reports the success rate of ended tasks, and the usual duration and path of successful tasks. */
final class ExpectationRule {
    private static final int MAX_PATH_LENGTH = 100;

    static List<Insight> evaluate(InstructionHistory history) {
        List<TaskDigest> ended = history.ended();
        if (ended.size() < InstructionRules.MIN_TASKS) {
            return List.of();
        }
        List<TaskDigest> successes = history.successes();
        Statistics.Interval interval = Statistics.wilson(successes.size(), ended.size());
        Map<String, Object> figures = new HashMap<>(Map.of(
                "tasks", ended.size(),
                "successes", successes.size(),
                "success_rate", (double) successes.size() / ended.size(),
                "success_rate_low", interval.low(),
                "success_rate_high", interval.high()));
        addClaims(ended, figures);
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
            figures.put("path_of", usual.task().taskId().toString());
        }
        return List.of(new Insight("expectation", InstructionHistory.newestFirst(ended), figures));
    }

    /** Adds what the agents claim if there are verdicts. */
    private static void addClaims(List<TaskDigest> ended, Map<String, Object> figures) {
        long verified = ended.stream().filter(TaskDigest::isVerified).count();
        if (verified > 0) {
            figures.put(
                    "claimed_successes",
                    ended.stream().filter(TaskDigest::isClaimedSuccess).count());
            figures.put("verified", verified);
            figures.put(
                    "disagreements",
                    ended.stream()
                            .filter(task -> task.isVerified()
                                    && task.claimedSuccess() != null
                                    && !task.claimedSuccess().equals(task.succeeded()))
                            .count());
        }
    }

    private static void addDurations(List<TaskDigest> successes, Map<String, Object> figures) {
        double[] durations = InstructionHistory.durations(successes);
        if (durations.length >= InstructionRules.MIN_TASKS) {
            figures.put("duration_p10_ms", Math.round(Statistics.quantile(durations, 0.1)));
            figures.put("duration_p50_ms", Math.round(Statistics.median(durations)));
            figures.put("duration_p90_ms", Math.round(Statistics.quantile(durations, 0.9)));
        }
    }
}
