package dev.steptrail.insights;

import java.util.ArrayList;
import java.util.List;

/** Applies the rules that compare all tasks of an owner, regardless of their instruction. Thread-safe. */
public final class OwnerRules {
    private OwnerRules() {}

    /**
     * Returns the insights from the tasks of one owner.
     *
     * @param latest the latest tasks, at most {@value InstructionRules#MAX_TASKS}, in any order
     * @param failures the latest failed tasks, at most {@value InstructionRules#MAX_TASKS}, in any order; their paths
     *     are ignored
     */
    public static List<Insight> evaluate(List<TaskDigest> latest, List<TaskDigest> failures) {
        List<TaskDigest> newest = InstructionHistory.newestFirst(latest);
        List<Insight> insights = new ArrayList<>(SequenceRule.evaluate(newest));
        insights.addAll(FailureScreenRule.evaluate(newest, InstructionHistory.newestFirst(failures)));
        return insights;
    }
}
