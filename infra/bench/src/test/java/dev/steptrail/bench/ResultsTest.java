package dev.steptrail.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.bench.Measurement.Bar;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultsTest {
    private static final Measurement HELD = new Measurement("a step", "peer", 15, 10, "ns", new Bar.AtMost(1.5));
    private static final Measurement MISSED = new Measurement("a step", "peer", 15.1, 10, "ns", new Bar.AtMost(1.5));

    private record Named(String name) implements Benchmark {
        @Override
        public String description() {
            return "What " + name + " measures.";
        }

        @Override
        public List<Measurement> run() {
            return List.of();
        }
    }

    @Test
    void aPart_isAddedOnce_andReplacedAfterwards_andOthersStay() {
        String page = Results.with("# Results\n", new Named("one"), "Measured today.", List.of(HELD));
        page = Results.with(page, new Named("two"), "Measured today.", List.of(HELD));
        String again = Results.with(page, new Named("one"), "Measured tomorrow.", List.of(MISSED));

        assertThat(page).startsWith("# Results\n").contains("## one", "## two").doesNotContain("missed");
        assertThat(again)
                .containsOnlyOnce("## one")
                .containsOnlyOnce("## two")
                .containsOnlyOnce("Measured today.")
                .containsOnlyOnce("Measured tomorrow.")
                .containsOnlyOnce("**missed**");
        assertThat(again.indexOf("## one")).isLessThan(again.indexOf("## two"));
    }

    @Test
    void aRow_tellsBoth_theRatio_theBar_andWhetherItIsHeld() {
        assertThat(HELD.row()).isEqualTo("| a step | peer | 15.0 ns | 10.0 ns | 1.500 | ≤ 1.5 | held |");
        assertThat(HELD.held()).isTrue();
        assertThat(MISSED.held()).isFalse();
        assertThat(new Measurement("a step", "peer", 15, 10, "ns", new Bar.None()).row())
                .endsWith("| 1.500 | none |  |");
    }

    @Test
    void aDifference_isHeldUpToItsBar() {
        Measurement held = new Measurement("memory", "peer", 180, 100, "MiB", new Bar.AtMostMore(80));
        Measurement missed = new Measurement("memory", "peer", 180.5, 100, "MiB", new Bar.AtMostMore(80));

        assertThat(held.row()).isEqualTo("| memory | peer | 180 MiB | 100 MiB | 1.800 | ≤ peer's + 80 | held |");
        assertThat(held.held()).isTrue();
        assertThat(missed.held()).isFalse();
    }

    @Test
    void aRate_isHeldFromItsBarOn() {
        Measurement held = new Measurement("write", "peer", 70, 100, "steps/s", new Bar.AtLeast(0.7));
        Measurement missed = new Measurement("write", "peer", 69.9, 100, "steps/s", new Bar.AtLeast(0.7));

        assertThat(held.row()).isEqualTo("| write | peer | 70.0 steps/s | 100 steps/s | 0.700 | ≥ 0.7 | held |");
        assertThat(held.held()).isTrue();
        assertThat(missed.held()).isFalse();
    }

    @Test
    void aShareAndADifference_areHeldTogether() {
        Measurement held = new Measurement("read", "peer", 3.6, 2, "ms", new Bar.AtMostTimesAndMore(1.3, 1));
        Measurement missed = new Measurement("read", "peer", 3.7, 2, "ms", new Bar.AtMostTimesAndMore(1.3, 1));

        assertThat(held.row()).isEqualTo("| read | peer | 3.60 ms | 2.00 ms | 1.800 | ≤ 1.3 × peer's + 1 | held |");
        assertThat(held.held()).isTrue();
        assertThat(missed.held()).isFalse();
    }

    @Test
    void aShareBelowItsBar_isNotRoundedUpToIt() {
        assertThat(new Measurement("recall", "all", 0.8889, 1, "", new Bar.AtLeast(0.9)).row())
                .isEqualTo("| recall | all | 0.889  | 1.00  | 0.889 | ≥ 0.9 | **missed** |");
    }

    @Test
    void whatWasNotMeasured_isMissed() {
        assertThat(new Measurement("a step", "peer", Double.NaN, 10, "ns", new Bar.AtMost(1.5)).held())
                .isFalse();
        assertThat(new Measurement("write", "peer", Double.NaN, 10, "steps/s", new Bar.AtLeast(0.7)).held())
                .isFalse();
    }

    @Test
    void median_isTheMiddle() {
        assertThat(Measurement.median(3, 1, 2)).isEqualTo(2);
        assertThat(Measurement.median(4, 1, 2, 3)).isEqualTo(2.5);
    }
}
