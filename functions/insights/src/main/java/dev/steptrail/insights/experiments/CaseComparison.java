package dev.steptrail.insights.experiments;

import dev.steptrail.insights.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * How the pass rate of a case differs between two experiments.
 *
 * @param pValue the smaller one of both one-sided Fisher's exact tests; null if there are too few repeats
 */
public record CaseComparison(Change change, @Nullable Double pValue) {
    /** The minimum number of repeats with an outcome in each experiment. */
    public static final int MIN_REPEATS = 5;

    private static final double SIGNIFICANCE = 0.01;

    public enum Change {
        REGRESSION,
        FIX,
        /** There is no evidence of a change. */
        UNCHANGED,
        TOO_FEW
    }

    public static CaseComparison of(Outcomes baseline, Outcomes current) {
        if (baseline.repeats() < MIN_REPEATS || current.repeats() < MIN_REPEATS) {
            return new CaseComparison(Change.TOO_FEW, null);
        }
        double worse = pValueOfDecrease(baseline, current);
        double better = pValueOfDecrease(current, baseline);
        if (worse < SIGNIFICANCE) {
            return new CaseComparison(Change.REGRESSION, worse);
        }
        return new CaseComparison(better < SIGNIFICANCE ? Change.FIX : Change.UNCHANGED, Math.min(worse, better));
    }

    private static double pValueOfDecrease(Outcomes before, Outcomes after) {
        return Statistics.fisherExact(before.passes(), before.repeats(), after.passes(), after.repeats());
    }
}
