package dev.steptrail.insights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoopRuleTest {
    private static final long SCREEN = 0x0123_4567_89AB_CDEFL;
    private static final long ANOTHER = ~SCREEN;

    private static List<Finding> loops(Run run) {
        return run.rules().findings().stream()
                .filter(finding -> finding.kind().equals("loop"))
                .toList();
    }

    @Test
    void sameAction_threeTimesOnUnknownScreens_isALoop_withOtherActionsInBetween() {
        Run run = new Run()
                .does("Tap 1")
                .does("Back")
                .does("Tap 1")
                .thinks()
                .does("Tap 2")
                .does("Tap 1");

        assertThat(loops(run))
                .containsExactly(new Finding(
                        "loop", List.of(1, 3, 6), Map.of("action", "Tap", "count", 3, "screen", "unknown")));
    }

    @Test
    void sameAction_onUnknownScreens_moreThanTenStepsApart_isNoLoop() {
        for (int distance : List.of(10, 11, 300)) {
            Run run = new Run()
                    .repeat(3, (next, i) -> next.does("Tap 1").repeat(distance - 1, (other, j) -> other.thinks()));

            assertThat(loops(run)).as("distance " + distance).hasSize(distance == 10 ? 1 : 0);
        }
    }

    @Test
    void loopsOnUnknownScreens_farApart_areReportedSeparately() {
        Run run = new Run()
                .repeat(3, (next, i) -> next.does("Tap 1"))
                .repeat(50, (next, i) -> next.thinks())
                .repeat(4, (next, i) -> next.does("Tap 1"));

        assertThat(loops(run)).extracting(Finding::steps).containsExactly(List.of(1, 2, 3), List.of(54, 55, 56, 57));
    }

    @Test
    void sameAction_atANearbyPlace_isTheSame_fartherAwayItIsAnother() {
        Run run = new Run()
                .does("Tap 499,842")
                .does("Tap 505,838")
                .does("Tap 499,757")
                .does("Tap 493,850")
                .does("Swipe 499,842,499,400")
                .does("Swipe 500,840,500,398")
                .does("Swipe 499,842,499,700");

        assertThat(loops(run)).extracting(Finding::steps).containsExactly(List.of(1, 2, 4));
    }

    @Test
    void sameAction_onAScreenThatLooksTheSame_isALoop() {
        Run run = new Run().sees(SCREEN, "Tap 1").sees(SCREEN ^ 0b101, "Tap 1").sees(SCREEN ^ 0b10, "Tap 1");

        assertThat(loops(run))
                .containsExactly(new Finding(
                        "loop", List.of(1, 2, 3), Map.of("action", "Tap", "count", 3, "screen", "unchanged")));
    }

    @Test
    void sameAction_onChangingScreens_isNoLoop() {
        Run run = new Run().repeat(20, (next, i) -> next.sees(SCREEN ^ 0x7FL << 3 * i, "Swipe up"));

        assertThat(loops(run)).isEmpty();
    }

    @Test
    void sameAction_onTwoScreens_isALoopOnEachWithThreeRepeats() {
        Run run = new Run().repeat(3, (next, i) -> next.sees(SCREEN, "Tap 1").sees(ANOTHER, "Tap 1"));
        run.sees(ANOTHER, "Tap 1");

        assertThat(loops(run)).extracting(Finding::steps).containsExactly(List.of(1, 3, 5), List.of(2, 4, 6, 7));
    }

    @Test
    void waitsRequestsForAPersonAndEndings_areNoLoop() {
        Run run = new Run().repeat(4, (next, i) -> next.does("Wait 1")
                .does("Take_over login")
                .does("finish"));

        assertThat(loops(run)).isEmpty();
    }

    @Test
    void moreRepeatsThanAreListed_areCounted() {
        Run run = new Run().repeat(1500, (next, i) -> next.does("Tap 1"));

        assertThat(loops(run).get(0).steps()).hasSize(Finding.MAX_STEPS);
        assertThat(loops(run).get(0).figures()).containsEntry("count", 1500);
    }
}
