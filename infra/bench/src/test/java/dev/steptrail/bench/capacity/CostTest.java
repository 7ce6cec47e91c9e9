package dev.steptrail.bench.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class CostTest {
    private static final Usage USAGE =
            new Usage(1, 0.5, 0.25, 0.1, 0.002, 1024, 0.0001, 2_000, 4_096, new ScreenSizes(90_000, 10_000), 1_000);

    private static double dollars(List<Cost.Line> lines, String what) {
        return lines.stream()
                .filter(line -> line.what().equals(what))
                .findFirst()
                .orElseThrow()
                .dollars();
    }

    @Test
    void aMillionSteps_areBilledByWhatTheyUse() {
        List<Cost.Line> lines = Cost.ofSteps(1e6, 1, USAGE);

        assertThat(dollars(lines, "send messages")).isEqualTo(0.40);
        assertThat(dollars(lines, "receive and delete them")).isCloseTo(0.30, within(1e-9));
        assertThat(dollars(lines, "run ingest")).isCloseTo(2_000 * 0.0000133334, within(1e-9));
        assertThat(dollars(lines, "store screens and thumbnails")).isEqualTo(10);
        assertThat(dollars(lines, "keep them for three months")).isCloseTo(100 * 3 * 0.023, within(1e-9));
        assertThat(dollars(lines, "write steps")).isCloseTo(100 * 4 / 3600.0 * 0.12, within(1e-9));
        assertThat(dollars(lines, "write them to storage")).isCloseTo(0.20, within(1e-9));
        assertThat(dollars(lines, "keep rows for three months")).isCloseTo(2 * 3 * 0.10, within(1e-9));
    }

    @Test
    void twoScreens_costTwice_andStepsTheSame() {
        List<Cost.Line> one = Cost.ofSteps(1e6, 1, USAGE);
        List<Cost.Line> two = Cost.ofSteps(1e6, 2, USAGE);

        assertThat(dollars(two, "store screens and thumbnails"))
                .isEqualTo(2 * dollars(one, "store screens and thumbnails"));
        assertThat(dollars(two, "send messages")).isEqualTo(dollars(one, "send messages"));
        assertThat(two)
                .extracting(Cost.Line::what)
                .isEqualTo(one.stream().map(Cost.Line::what).toList());
    }

    @Test
    void theSum_isThatOfTheLines() {
        List<Cost.Line> lines =
                List.of(new Cost.Line("a", 2e6, Price.SQS_REQUEST), new Cost.Line("b", 10, Price.ALARM));

        assertThat(Cost.sum(lines)).isCloseTo(1.80, within(1e-9));
    }
}
