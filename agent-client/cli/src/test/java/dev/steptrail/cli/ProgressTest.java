package dev.steptrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTest {
    @Test
    void halfOfIt_isHalfABar_withWhatIsDoneOfAll_andTheRate() {
        assertThat(new Progress(60, 120, 15, 30, Duration.ofSeconds(10)).line())
                .isEqualTo("[========        ]  50%  60/120 steps  15/30 screenshots  7.5/s");
    }

    @Test
    void atFirst_thereIsNoBar() {
        assertThat(new Progress(0, 120, 0, 30, Duration.ZERO).line())
                .isEqualTo("[                ]   0%  0/120 steps  0/30 screenshots  0.0/s");
    }

    @Test
    void whatIsAddedMeanwhile_isDoneToo() {
        assertThat(new Progress(130, 120, 30, 30, Duration.ofSeconds(1)).line())
                .isEqualTo("[================] 100%  130/130 steps  30/30 screenshots  160.0/s");
    }

    @Test
    void aLineFitsIntoATerminal() {
        assertThat(new Progress(99_999, 99_999, 99_999, 99_999, Duration.ofSeconds(3)).line())
                .hasSizeLessThan(80);
    }

    @Test
    void nothingToDo_isDoneAtOnce_withoutAFalsePercentage() {
        assertThat(new Progress(0, 0, 0, 0, Duration.ZERO).line()).contains("0/0 steps");
    }
}
