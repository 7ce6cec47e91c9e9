package dev.steptrail.insights;

import java.util.List;
import java.util.function.Function;

/** All rules across the runs of one task text. Thread-safe. */
public final class TextRules {
    /** So many runs of a text are enough to see what they have in common, and few enough to be compared with each other. */
    public static final int MOST_RUNS = 500;

    /** How many runs must have ended before anything is said of what to expect. */
    public static final int LEAST_RUNS = 5;

    private static final List<Function<TextHistory, List<Insight>>> RULES = List.of(
            ExpectationRule::of,
            ReliabilityRules::flaky,
            ReliabilityRules::regressions,
            PathRules::shorterPath,
            PathRules::leftUsualPath,
            SlowStepRule::of);

    private TextRules() {}

    /**
     * What they teach.
     *
     * @param runs of one text, at most {@value #MOST_RUNS}, in any order
     */
    public static List<Insight> of(List<RunDigest> runs) {
        TextHistory history = new TextHistory(runs);
        return RULES.stream().flatMap(rule -> rule.apply(history).stream()).toList();
    }
}
