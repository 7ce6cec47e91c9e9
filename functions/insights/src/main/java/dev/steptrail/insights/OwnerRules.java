package dev.steptrail.insights;

import java.util.ArrayList;
import java.util.List;

/** All rules across the runs of an owner, with any instruction. Thread-safe. */
public final class OwnerRules {
    private OwnerRules() {}

    /**
     * Applies the rules.
     *
     * @param latest the latest runs, at most {@value TextRules#MAX_RUNS}, in any order
     * @param failures the latest failed runs, likewise; their paths are not used
     */
    public static List<Insight> of(List<RunDigest> latest, List<RunDigest> failures) {
        List<RunDigest> newest = TextHistory.newestFirst(latest);
        List<Insight> found = new ArrayList<>(SequenceRule.of(newest));
        found.addAll(FailureScreenRule.of(newest, TextHistory.newestFirst(failures)));
        return found;
    }
}
