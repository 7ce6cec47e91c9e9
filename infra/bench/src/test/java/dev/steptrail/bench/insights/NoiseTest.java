package dev.steptrail.bench.insights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.bench.insights.Planted.Loop;
import dev.steptrail.stepformat.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

class NoiseTest {
    private static final History HISTORY = History.of(1, Size.USUAL);

    private static final List<Run> WITHOUT_LOOP = HISTORY.runs()
            .filter(run -> run.planted().stream().noneMatch(Loop.class::isInstance))
            .toList();

    @Test
    void runsWithoutALoop_doNothingThreeTimesOnOneScreen() {
        assertThat(WITHOUT_LOOP).allSatisfy(run -> {
            List<Step> steps = Recorded.of(run);
            assertThat(steps).allSatisfy(step -> assertThat(steps.stream()
                            .filter(other -> Recorded.doTheSame(step, other) && Recorded.maySeeTheSame(step, other))
                            .count())
                    .isLessThan(3));
        });
    }

    @Test
    void someRuns_doOneThingTwiceOnOneScreen() {
        assertThat(WITHOUT_LOOP.stream()
                        .filter(run -> hasTwice(Recorded.of(run)))
                        .count())
                .isGreaterThan(50);
    }

    private static boolean hasTwice(List<Step> steps) {
        for (int i = 1; i < steps.size(); i++) {
            Step before = steps.get(i - 1);
            if (Recorded.doTheSame(before, steps.get(i)) && Recorded.maySeeTheSame(before, steps.get(i))) {
                return true;
            }
        }
        return false;
    }

    @Test
    void someRuns_tapOnePlaceThreeTimesOnScreensThatChange_neverWhereTheseAreUnknown() {
        List<Run> repeating = WITHOUT_LOOP.stream()
                .filter(run -> hasThriceInARow(Recorded.of(run)))
                .toList();

        assertThat(repeating).hasSizeGreaterThan(100);
        assertThat(repeating).allMatch(run -> run.group().screens() != null);
    }

    private static boolean hasThriceInARow(List<Step> steps) {
        for (int i = 2; i < steps.size(); i++) {
            Step last = steps.get(i);
            Step first = steps.get(i - 2);
            if (Recorded.doTheSame(first, steps.get(i - 1)) && Recorded.doTheSame(first, last)) {
                assertThat(Recorded.difference(first, last)).isGreaterThanOrEqualTo(Screens.LEAST_DIFFERENCE);
                assertThat(Recorded.difference(steps.get(i - 1), last))
                        .isGreaterThanOrEqualTo(Screens.LEAST_DIFFERENCE);
                return true;
            }
        }
        return false;
    }

    @Test
    void looksAtScreens_areNearOrFar_neverBetween() {
        assertThat(HISTORY.runs().limit(300)).allSatisfy(run -> {
            List<Step> steps = Recorded.of(run);
            assertThat(steps).allSatisfy(step -> assertThat(steps)
                    .allMatch(other -> Recorded.maySeeTheSame(step, other)
                            || Recorded.difference(step, other) >= Screens.LEAST_DIFFERENCE));
        });
    }
}
