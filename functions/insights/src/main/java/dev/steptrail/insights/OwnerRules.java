package dev.steptrail.insights;

import java.util.List;

/** All rules across the runs of an owner, whatever was asked in each. Thread-safe. */
public final class OwnerRules {
    private static final List<OwnerRule> RULES = List.of(new SequenceRule(), new FailureScreenRule());

    private OwnerRules() {}

    /**
     * What they teach.
     *
     * @param latest runs, at most {@value TextRules#MOST_RUNS}, in any order
     * @param failures the latest that failed, likewise; of their paths nothing is asked
     */
    public static List<Insight> of(List<RunDigest> latest, List<RunDigest> failures) {
        OwnerHistory history = new OwnerHistory(latest, failures);
        return RULES.stream().flatMap(rule -> rule.of(history).stream()).toList();
    }
}
