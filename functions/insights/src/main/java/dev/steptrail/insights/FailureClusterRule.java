package dev.steptrail.insights;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Failures of a kind: at least {@value #LEAST} runs failed, and the last error of each is alike. */
final class FailureClusterRule implements TextRule {
    private static final int LEAST = 3;

    @Override
    public List<Insight> of(TextHistory history) {
        Map<String, List<RunDigest>> clusters = new TreeMap<>();
        for (RunDigest run : history.failures()) {
            if (run.error() != null) {
                clusters.computeIfAbsent(run.error(), error -> new ArrayList<>())
                        .add(run);
            }
        }
        return clusters.entrySet().stream()
                .filter(cluster -> cluster.getValue().size() >= LEAST)
                .map(cluster -> new Insight(
                        "failures_alike",
                        TextHistory.newestFirst(cluster.getValue()),
                        Map.of(
                                "error", cluster.getKey(),
                                "runs", cluster.getValue().size(),
                                "failures", history.failures().size())))
                .toList();
    }
}
