package dev.steptrail.insights;

import java.util.List;
import java.util.function.Function;

/** Applies the rules that compare the tasks of one instruction with each other. Thread-safe. */
public final class InstructionRules {
    /** The maximum number of tasks. Limits the time for comparing all of them with each other. */
    public static final int MAX_TASKS = 500;

    /** The minimum number of ended tasks for the insight {@code expectation}. */
    public static final int MIN_TASKS = 5;

    private static final List<Function<InstructionHistory, List<Insight>>> RULES = List.of(
            ExpectationRule::evaluate,
            ReliabilityRules::findFlaky,
            ReliabilityRules::findRegressions,
            FalseSuccessRule::evaluate,
            PathRules::findShorterPaths,
            PathRules::findDeviations,
            SlowStepRule::evaluate);

    private InstructionRules() {}

    /**
     * Returns the insights from the tasks of one instruction.
     *
     * @param tasks at most {@value #MAX_TASKS}, in any order
     */
    public static List<Insight> evaluate(List<TaskDigest> tasks) {
        InstructionHistory history = new InstructionHistory(tasks);
        return RULES.stream().flatMap(rule -> rule.apply(history).stream()).toList();
    }
}
