package dev.steptrail.insights;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RepeatCounterTest {
    private static final long SCREEN = 0x0123_4567_89AB_CDEFL;

    private static TaskStep step(int number, long screen) {
        return new TaskStep(number, 1L, "Tap", null, screen, null, null, null, null);
    }

    /** The multiplier spreads the numbers over all bits, so that hardly any two screens are similar. */
    private static long screen(int number) {
        return number * 0x9E37_79B9_7F4A_7C15L;
    }

    @Test
    void add_afterTooManyScreens_countsKnownScreensOnly() {
        RepeatCounter repeats = new RepeatCounter();
        int number = 0;
        for (int i = 0; i < 150; i++) {
            repeats.add(1, step(++number, screen(number)));
        }
        for (int i = 0; i < 3; i++) {
            repeats.add(1, step(++number, screen(61)));
            repeats.add(1, step(++number, SCREEN));
        }

        assertThat(repeats.atLeast(3, 3)).singleElement().satisfies(repeat -> {
            assertThat(repeat.evidence().count()).isEqualTo(4);
            assertThat(repeat.evidence().steps()).startsWith(61);
        });
    }
}
