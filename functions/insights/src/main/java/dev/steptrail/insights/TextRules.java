package dev.steptrail.insights;

import java.util.List;
import java.util.function.Function;

/** All rules across the runs with one instruction. Thread-safe. */
public final class TextRules {
    /**
     * The maximum number of runs: enough to find what they have in common, and few enough to compare with each other.
     */
    public static final int MAX_RUNS = 500;

    /** The number of ended runs from which an expectation is reported. */
    public static final int MIN_RUNS = 5;

    private static final List<Function<TextHistory, List<Insight>>> RULES = List.of(
            ExpectationRule::of,
            ReliabilityRules::flaky,
            ReliabilityRules::regressions,
            PathRules::shorterPath,
            PathRules::leftUsualPath,
            SlowStepRule::of);

    private TextRules() {}

    /**
     * Applies the rules.
     *
     * @param runs the runs with one instruction, at most {@value #MAX_RUNS}, in any order
     */
    public static List<Insight> of(List<RunDigest> runs) {
        TextHistory history = new TextHistory(runs);
        return RULES.stream().flatMap(rule -> rule.apply(history).stream()).toList();
    }
}
