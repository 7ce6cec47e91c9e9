package dev.steptrail.insights.experiments;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.steptrail.insights.Statistics;
import dev.steptrail.insights.Statistics.Interval;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CaseResamplerTest {
    private static Interval interval(List<Outcomes> cases) {
        return requireNonNull(CaseResampler.interval(cases));
    }

    /** Each case always passes or always fails, so 10 repeats give no more information than one. */
    @Test
    void interval_dependsOnTheNumberOfCases_notOfTasks() {
        List<Outcomes> cases = Stream.concat(
                        Collections.nCopies(20, new Outcomes(10, 0)).stream(),
                        Collections.nCopies(20, new Outcomes(0, 10)).stream())
                .toList();

        Interval interval = interval(cases);

        double standardError = Math.sqrt(0.25 / 40);
        assertThat(interval.low()).isCloseTo(0.5 - 1.96 * standardError, within(0.03));
        assertThat(interval.high()).isCloseTo(0.5 + 1.96 * standardError, within(0.03));
        assertThat(interval).isEqualTo(interval(cases));
    }

    @Test
    void casesWithoutOutcome_areIgnored_andWithoutAnyOutcomeThereIsNoInterval() {
        List<Outcomes> cases = List.of(new Outcomes(3, 1), new Outcomes(1, 3));

        assertThat(CaseResampler.interval(List.of(cases.get(0), Outcomes.NONE, cases.get(1))))
                .isEqualTo(CaseResampler.interval(cases));
        assertThat(CaseResampler.interval(List.of(Outcomes.NONE))).isNull();
        assertThat(CaseResampler.interval(List.of())).isNull();
    }

    @Test
    void casesWithEqualPassRates_haveTheWilsonIntervalOfTheirNumber() {
        assertThat(interval(Collections.nCopies(8, new Outcomes(10, 0)))).isEqualTo(Statistics.wilson(8, 8));
        assertThat(interval(List.of(new Outcomes(5, 5)))).isEqualTo(Statistics.wilson(0.5, 1));
    }

    @Test
    void interval_containsThePassRate_inMostExperiments() {
        int covered = 0;
        int experiments = 300;
        Random random = new Random(1);
        for (int i = 0; i < experiments; i++) {
            List<Outcomes> cases = Stream.generate(() -> {
                        double passRate = random.nextDouble();
                        int passes = (int)
                                random.doubles(10).filter(x -> x < passRate).count();
                        return new Outcomes(passes, 10 - passes);
                    })
                    .limit(50)
                    .toList();
            Interval interval = interval(cases);
            covered += interval.low() <= 0.5 && 0.5 <= interval.high() ? 1 : 0;
        }
        assertThat(covered / (double) experiments).isBetween(0.9, 0.98);
    }
}
