package dev.steptrail.insights;

import java.util.ArrayList;
import java.util.List;

/** Applies the rules that compare runs of one owner with any instruction. Thread-safe. */
public final class OwnerRules {
    private OwnerRules() {}

    /**
     * Applies the rules.
     *
     * @param latest the latest runs, at most {@value InstructionRules#MAX_RUNS}, in any order
     * @param failures the latest failed runs, at most {@value InstructionRules#MAX_RUNS}, in any order; their paths are
     *     ignored
     */
    public static List<Insight> evaluate(List<RunDigest> latest, List<RunDigest> failures) {
        List<RunDigest> newest = InstructionHistory.newestFirst(latest);
        List<Insight> insights = new ArrayList<>(SequenceRule.evaluate(newest));
        insights.addAll(FailureScreenRule.evaluate(newest, InstructionHistory.newestFirst(failures)));
        return insights;
    }
}
