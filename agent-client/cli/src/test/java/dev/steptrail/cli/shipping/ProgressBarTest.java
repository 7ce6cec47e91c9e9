package dev.steptrail.cli.shipping;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
    @Test
    void line_halfDone_showsHalfBarCountsAndRate() {
        assertThat(ProgressBar.line(60, 120, 15, 30, Duration.ofSeconds(10)))
                .isEqualTo("[========        ]  50%  60/120 steps  15/30 screenshots  7.5/s");
    }

    @Test
    void line_atStart_hasEmptyBar() {
        assertThat(ProgressBar.line(0, 120, 0, 30, Duration.ZERO))
                .isEqualTo("[                ]   0%  0/120 steps  0/30 screenshots  0.0/s");
    }

    @Test
    void line_moreDoneThanInitialTotal_isComplete() {
        assertThat(ProgressBar.line(130, 120, 30, 30, Duration.ofSeconds(1)))
                .isEqualTo("[================] 100%  130/130 steps  30/30 screenshots  160.0/s");
    }

    @Test
    void line_fitsIntoTerminal() {
        assertThat(ProgressBar.line(99_999, 99_999, 99_999, 99_999, Duration.ofSeconds(3)))
                .hasSizeLessThan(80);
    }

    @Test
    void line_nothingToDo_showsZeroOfZero() {
        assertThat(ProgressBar.line(0, 0, 0, 0, Duration.ZERO)).contains("0/0 steps");
    }
}
