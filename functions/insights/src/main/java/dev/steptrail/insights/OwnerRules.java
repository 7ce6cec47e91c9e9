package dev.steptrail.insights;

import java.util.ArrayList;
import java.util.List;

/** All rules across the runs of an owner, whatever was asked in each. Thread-safe. */
public final class OwnerRules {
    private OwnerRules() {}

    /**
     * What they teach.
     *
     * @param latest runs, at most {@value TextRules#MOST_RUNS}, in any order
     * @param failures the latest that failed, likewise; of their paths nothing is asked
     */
    public static List<Insight> of(List<RunDigest> latest, List<RunDigest> failures) {
        List<RunDigest> newest = TextHistory.newestFirst(latest);
        List<Insight> found = new ArrayList<>(SequenceRule.of(newest));
        found.addAll(FailureScreenRule.of(newest, TextHistory.newestFirst(failures)));
        return found;
    }
}
