package dev.steptrail.insights;

import java.util.List;
import java.util.Map;

/** A slow model: at least half of at least {@value #LEAST} steps that tell waited for it {@value #SLOW_MS} ms or longer. */
final class ModelTimeRule implements RunRule {
    private static final int LEAST = 5;
    private static final int SLOW_MS = 10_000;

    private final Evidence slow = new Evidence();
    private int timed;
    private long totalMs;

    @Override
    public void add(RunStep step) {
        if (step.modelMs() == null) {
            return;
        }
        timed++;
        totalMs += step.modelMs();
        if (step.modelMs() >= SLOW_MS) {
            slow.add(step.stepNumber());
        }
    }

    @Override
    public List<Suggestion> suggestions() {
        return timed < LEAST || 2L * slow.count() < timed
                ? List.of()
                : List.of(new Suggestion(
                        "slow_model",
                        slow.steps(),
                        Map.of("count", slow.count(), "steps", timed, "mean_ms", totalMs / timed)));
    }
}
