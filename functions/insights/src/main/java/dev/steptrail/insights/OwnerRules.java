package dev.steptrail.insights;

import java.util.List;
import java.util.function.Function;

/** All rules across the runs of an owner, whatever was asked in each. Thread-safe. */
public final class OwnerRules {
    private static final List<Function<OwnerHistory, List<Insight>>> RULES =
            List.of(new SequenceRule()::of, new FailureScreenRule()::of);

    private OwnerRules() {}

    /**
     * What they teach.
     *
     * @param latest runs, at most {@value TextRules#MOST_RUNS}, in any order
     * @param failures the latest that failed, likewise; of their paths nothing is asked
     */
    public static List<Insight> of(List<RunDigest> latest, List<RunDigest> failures) {
        OwnerHistory history = new OwnerHistory(latest, failures);
        return RULES.stream().flatMap(rule -> rule.apply(history).stream()).toList();
    }
}
