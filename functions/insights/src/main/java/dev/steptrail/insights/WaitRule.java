package dev.steptrail.insights;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Too many waits: at least {@value #LEAST}, and at least every {@value #EACH}th step. */
final class WaitRule implements RunRule {
    private static final int LEAST = 5;
    private static final int EACH = 12;

    private final Evidence waits = new Evidence();
    private int steps;
    private long waitedMs;

    @Override
    public void add(RunStep step) {
        steps++;
        if (ActionNames.isWait(step.actionName())) {
            waits.add(step.stepNumber());
            waitedMs += step.durationMs() == null ? 0 : step.durationMs();
        }
    }

    @Override
    public List<Suggestion> suggestions() {
        if (waits.count() < LEAST || (long) waits.count() * EACH < steps) {
            return List.of();
        }
        Map<String, Object> figures = new HashMap<>(Map.of("count", waits.count(), "steps", steps));
        if (waitedMs > 0) {
            figures.put("waited_ms", waitedMs);
        }
        return List.of(new Suggestion("too_many_waits", waits.steps(), figures));
    }
}
