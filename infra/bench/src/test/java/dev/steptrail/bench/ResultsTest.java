package dev.steptrail.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.bench.Measurement.Threshold;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultsTest {
    private static final Measurement MET = new Measurement("a step", "base", 15, 10, "ns", Threshold.atMost(1.5));
    private static final Measurement MISSED = new Measurement("a step", "base", 15.1, 10, "ns", Threshold.atMost(1.5));

    @Test
    void part_isAddedOnce_andReplacedAfterwards_andOthersStay() {
        String page = Results.replaceTable("# Results\n", "one", "Measured today.", List.of(MET));
        page = Results.replaceTable(page, "two", "Measured today.", List.of(MET));
        String again = Results.replaceTable(page, "one", "Measured tomorrow.", List.of(MISSED));

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
    void row_hasBothFigures_theRatio_theThreshold_andTheVerdict() {
        assertThat(MET.toTableRow()).isEqualTo("| a step | base | 15.0 ns | 10.0 ns | 1.500 | ≤ 1.5 | met |");
        assertThat(MET.isThresholdMet()).isTrue();
        assertThat(MISSED.isThresholdMet()).isFalse();
        assertThat(new Measurement("recall", "all", 0.8889, 1, "", Threshold.atLeast(0.9)).toTableRow())
                .isEqualTo("| recall | all | 0.889  | 1.00  | 0.889 | ≥ 0.9 | **missed** |");
    }

    @Test
    void threshold_withADifference_isMetUpToTheSum() {
        assertThat(new Measurement("memory", "base", 120, 100, "MiB", Threshold.atMost(1, 20)).toTableRow())
                .isEqualTo("| memory | base | 120 MiB | 100 MiB | 1.200 | ≤ baseline + 20 | met |");
        assertThat(new Measurement("memory", "base", 120.5, 100, "MiB", Threshold.atMost(1, 20)).isThresholdMet())
                .isFalse();
        assertThat(new Measurement("read", "base", 5.4, 2, "ms", Threshold.atMost(1.2, 3)).toTableRow())
                .isEqualTo("| read | base | 5.40 ms | 2.00 ms | 2.700 | ≤ 1.2 × + 3 | met |");
        assertThat(new Measurement("read", "base", 5.5, 2, "ms", Threshold.atMost(1.2, 3)).isThresholdMet())
                .isFalse();
    }

    @Test
    void threshold_ofARate_isMetFromTheLimit() {
        assertThat(new Measurement("write", "base", 70, 100, "steps/s", Threshold.atLeast(0.7)).isThresholdMet())
                .isTrue();
        assertThat(new Measurement("write", "base", 69.9, 100, "steps/s", Threshold.atLeast(0.7)).isThresholdMet())
                .isFalse();
    }

    @Test
    void figureThatIsMissing_missesItsThreshold() {
        assertThat(new Measurement("a step", "base", Double.NaN, 10, "ns", Threshold.atMost(1.5)).isThresholdMet())
                .isFalse();
        assertThat(new Measurement("write", "base", Double.NaN, 10, "steps/s", Threshold.atLeast(0.7)).isThresholdMet())
                .isFalse();
    }

    @Test
    void medians_areThoseOfCountedRounds_andSystemsTakeTheirTurnsInBothOrders() throws Exception {
        List<String> turns = new ArrayList<>();
        double[] medians = new Rounds(false)
                .measureMedians(
                        1,
                        3,
                        () -> {
                            turns.add("a");
                            return turns.size();
                        },
                        () -> {
                            turns.add("b");
                            return 7;
                        });

        assertThat(String.join("", turns)).isEqualTo("baabbaab");
        assertThat(medians).containsExactly(6, 7);
        assertThat(Measurement.median(4, 1, 2, 3)).isEqualTo(2.5);
    }

    @Test
    void quickRounds_measureOnce() {
        assertThat(new Rounds(true).count(400)).isEqualTo(1);
        assertThat(new Rounds(false).count(400)).isEqualTo(400);
    }
}
