package dev.steptrail.insights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class StatisticsTest {
    @Test
    void wilson_equalsPublishedValues() {
        assertThat(Statistics.wilson(8, 10).low()).isCloseTo(0.4902, within(0.0001));
        assertThat(Statistics.wilson(8, 10).high()).isCloseTo(0.9433, within(0.0001));
        assertThat(Statistics.wilson(0, 5).low()).isCloseTo(0, within(1e-12));
        assertThat(Statistics.wilson(5, 5).high()).isCloseTo(1, within(1e-12));
    }

    /** Fisher's lady tasting tea: the chance of four correct guesses is 1 in 70. */
    @Test
    void fisherExact_isFishersExactTest() {
        assertThat(Statistics.fisherExact(4, 4, 0, 4)).isCloseTo(1 / 70.0, within(1e-9));
        assertThat(Statistics.fisherExact(2, 4, 2, 4)).isCloseTo(1 - 17 / 70.0, within(1e-9));
        assertThat(Statistics.fisherExact(0, 4, 4, 4)).isCloseTo(1, within(1e-9));
    }

    @Test
    void mannWhitneyZ_isLargeIfAllAreLarger_andZeroIfAllAreEqual() {
        assertThat(Statistics.mannWhitneyZ(
                        new double[] {1, 2, 3, 4, 5, 6, 7, 8}, new double[] {9, 10, 11, 12, 13, 14, 15, 16}))
                .isCloseTo(3.36, within(0.01));
        assertThat(Statistics.mannWhitneyZ(new double[] {1, 2, 3}, new double[] {1, 2, 3}))
                .isZero();
    }

    @Test
    void robustDeviation_ignoresOutliers() {
        assertThat(Statistics.robustDeviation(new double[] {9, 10, 10, 11, 1_000_000}))
                .isCloseTo(1.4826, within(1e-9));
    }
}
