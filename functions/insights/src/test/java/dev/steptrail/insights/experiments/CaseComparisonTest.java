package dev.steptrail.insights.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.steptrail.insights.experiments.CaseComparison.Change;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaseComparisonTest {
    private static final int CASES = 100;
    private static final int REPEATS = 10;

    /**
     * The p-values are those of R's {@code fisher.test}: sums of the hypergeometric distribution, such as C(10, 2) /
     * C(20, 12).
     */
    @ParameterizedTest
    @CsvSource({
        "10, 0, 2, 8, REGRESSION, 0.00036",
        "2, 8, 10, 0, FIX, 0.00036",
        "5, 0, 0, 5, REGRESSION, 0.00397",
        "10, 0, 5, 5, UNCHANGED, 0.01625",
        "7, 3, 7, 3, UNCHANGED, 0.68576",
    })
    void change_isSignificantBelowOnePercent(
            int passes, int fails, int laterPasses, int laterFails, Change change, double pValue) {
        CaseComparison comparison =
                CaseComparison.of(new Outcomes(passes, fails), new Outcomes(laterPasses, laterFails));

        assertThat(comparison.change()).isEqualTo(change);
        assertThat(comparison.pValue()).isCloseTo(pValue, within(0.00001));
    }

    @ParameterizedTest
    @CsvSource({"4, 0, 0, 10", "10, 0, 0, 4", "0, 0, 9, 9"})
    void fewerThanFiveRepeats_areTooFew(int passes, int fails, int laterPasses, int laterFails) {
        assertThat(CaseComparison.of(new Outcomes(passes, fails), new Outcomes(laterPasses, laterFails)))
                .isEqualTo(new CaseComparison(Change.TOO_FEW, null));
    }

    /** 20 cases become worse (0.95 to 0.2), 20 become better, and 60 keep a pass rate between 0 and 1. */
    @Test
    void plantedChanges_areFound_andOthersAreNot() {
        int found = 0;
        int wrong = 0;
        int seeds = 50;
        for (int seed = 1; seed <= seeds; seed++) {
            Random random = new Random(seed);
            for (int i = 0; i < CASES; i++) {
                double same = random.nextDouble();
                double before = i < 20 ? 0.95 : i < 40 ? 0.2 : same;
                double after = i < 20 ? 0.2 : i < 40 ? 0.95 : same;
                Change change = CaseComparison.of(run(random, before), run(random, after))
                        .change();
                Change planted = i < 20 ? Change.REGRESSION : i < 40 ? Change.FIX : Change.UNCHANGED;
                found += i < 40 && change == planted ? 1 : 0;
                wrong += change != Change.UNCHANGED && change != planted ? 1 : 0;
            }
        }
        double foundRate = found / (40.0 * seeds);
        double wrongRate = wrong / (60.0 * seeds);

        System.out.printf("found %.4f of the planted changes, reported %.4f of the others%n", foundRate, wrongRate);
        assertThat(foundRate).as("planted changes found").isGreaterThanOrEqualTo(0.85);
        assertThat(wrongRate).as("unchanged cases reported").isLessThanOrEqualTo(0.01);
    }

    private static Outcomes run(Random random, double passRate) {
        int passes = (int) random.doubles(REPEATS).filter(x -> x < passRate).count();
        return new Outcomes(passes, REPEATS - passes);
    }
}
