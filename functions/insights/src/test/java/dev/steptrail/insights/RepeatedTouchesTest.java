package dev.steptrail.insights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RepeatedTouchesTest {
    private static final long SCREEN = 0x0123_4567_89AB_CDEFL;
    private static final long ANOTHER = ~SCREEN;

    private static List<Finding> suggestions(Run run) {
        return run.rules().suggestions();
    }

    @Test
    void threeTouchesWithoutEffect_areReported_withoutThoseWithAnEffect() {
        Run run = new Run()
                .repeat(3, (next, i) -> next.sees(SCREEN ^ i, "Tap 499,84" + i).sees(SCREEN, "Back"));
        run.sees(SCREEN, "Tap 499,842").sees(ANOTHER, "Home").sees(SCREEN, "Tap 499,842");

        assertThat(suggestions(run))
                .containsExactly(new Finding(
                        "repeated_touch",
                        List.of(1, 3, 5),
                        Map.of("action", "Tap", "count", 3, "screen", "unchanged")));
    }

    @Test
    void iconThatOpensItsAppEachTime_isALoop_butNoTouchWithoutEffect() {
        Run run = new Run()
                .repeat(6, (next, i) -> next.sees(SCREEN, "Tap 100,900").sees(ANOTHER, "Home"));

        assertThat(run.rules().findings()).extracting(Finding::kind).contains("loop");
        assertThat(suggestions(run)).isEmpty();
    }

    @Test
    void touchWithoutAScreenshotAfterwards_isIgnored() {
        Run unseenNext = new Run();
        Run last = new Run().sees(SCREEN, "Tap 1").sees(SCREEN, "Tap 1").sees(SCREEN, "Tap 1");
        for (int i = 0; i < 6; i++) {
            unseenNext.sees(SCREEN, "Tap 1").does("Back");
        }

        assertThat(suggestions(unseenNext)).isEmpty();
        assertThat(suggestions(last)).isEmpty();
        assertThat(suggestions(last.sees(SCREEN, "Back")))
                .extracting(Finding::steps)
                .containsExactly(List.of(1, 2, 3));
    }

    @Test
    void touchBeforeAMissingStep_isIgnored() {
        TaskRules rules = new TaskRules();
        for (int number = 1; number < 20; number += 2) {
            rules.add(new TaskStep(number, 1L, "Tap", null, SCREEN, null, null, null, null));
        }

        assertThat(rules.suggestions()).isEmpty();
    }

    @Test
    void onUnknownScreens_fiveTouchesAreReported_threeAreNot() {
        Run keypad = new Run().does("Tap 200,600").does("Tap 200,600").does("Tap 200,600");
        Run stuck = new Run().repeat(5, (next, i) -> next.does("Tap 499,842").does("Back"));

        assertThat(suggestions(keypad.does("Tap 500,600"))).isEmpty();
        assertThat(suggestions(stuck))
                .containsExactly(new Finding(
                        "repeated_touch",
                        List.of(1, 3, 5, 7, 9),
                        Map.of("action", "Tap", "count", 5, "screen", "unknown")));
    }

    @Test
    void swipesAndKeys_areIgnored() {
        Run run = new Run().repeat(6, (next, i) -> next.sees(SCREEN, "Back").does("Swipe 500,800,500,200"));

        assertThat(suggestions(run)).isEmpty();
    }
}
