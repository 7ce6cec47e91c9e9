package dev.steptrail.insights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class NoProgressTest {
    private static final long SCREEN = 0x0123_4567_89AB_CDEFL;

    private static List<List<Integer>> stalls(Run run) {
        return run.rules().findings().stream()
                .filter(finding -> finding.kind().equals("no_progress"))
                .map(Finding::steps)
                .toList();
    }

    private static List<Integer> numbers(int first, int last) {
        return IntStream.rangeClosed(first, last).boxed().toList();
    }

    @Test
    void sixDifferentActions_onAnUnchangedScreen_areNoProgress_onAChangingOneTheyAre() {
        Run stuck = new Run().sees(~SCREEN, "Home");
        Run goingOn = new Run();
        for (int i = 0; i < 6; i++) {
            stuck.sees(SCREEN ^ (i & 1), "Tap " + i);
            goingOn.sees(i < 5 ? SCREEN : ~SCREEN, "Tap " + i);
        }

        assertThat(stalls(stuck)).containsExactly(numbers(2, 7));
        assertThat(stalls(goingOn)).isEmpty();
    }

    @Test
    void singleRepeatedAction_isOnlyALoop() {
        Run seen = new Run();
        Run unseen = new Run();
        for (int i = 0; i < 9; i++) {
            seen.sees(SCREEN, "Tap 1");
            unseen.does("Tap 1");
        }

        assertThat(stalls(seen)).isEmpty();
        assertThat(stalls(unseen)).isEmpty();
    }

    @Test
    void singleActionAtNearbyPlaces_isOnlyALoop() {
        Run seen = new Run();
        Run unseen = new Run();
        for (int i = 0; i < 9; i++) {
            seen.sees(SCREEN, "Tap 50" + i % 3 + ",842");
            unseen.does("Tap 50" + i % 3 + ",842");
        }

        assertThat(stalls(seen)).isEmpty();
        assertThat(stalls(unseen)).isEmpty();
    }

    @Test
    void twoActionsAtNearbyPlaces_areNoProgress_withAndWithoutScreenshots() {
        Run seen = new Run();
        Run unseen = new Run();
        for (int i = 0; i < 4; i++) {
            seen.sees(SCREEN, "Tap 50" + i + ",842").sees(SCREEN, "Tap 50" + i + ",742");
            unseen.does("Tap 50" + i + ",842").does("Tap 50" + i + ",742");
        }

        assertThat(stalls(seen)).containsExactly(numbers(1, 8));
        assertThat(stalls(unseen)).containsExactly(numbers(1, 8));
    }

    @Property
    void withoutScreenshots_cycleWithARepeatedAction_isFound(
            @ForAll @IntRange(min = 2, max = 5) int repeats,
            @ForAll @IntRange(min = 3, max = 30) int times,
            @ForAll @IntRange(max = 50) int before) {
        Run run = new Run();
        for (int i = 0; i < before; i++) {
            run.does("Type " + i);
        }
        for (int i = 0; i < times; i++) {
            for (int j = 0; j < repeats; j++) {
                run.does("Tap 1");
            }
            run.does("Back");
        }

        assertThat(stalls(run)).containsExactly(numbers(before + 1, before + times * (repeats + 1)));
    }

    @Property
    void withoutScreenshots_longCycleOfOneActionAndAnother_isNotFound(
            @ForAll @IntRange(min = 6, max = 40) int repeats) {
        Run run = new Run();
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < repeats; j++) {
                run.does("Tap 1");
            }
            run.does("Back");
        }

        assertThat(stalls(run)).isEmpty();
    }

    @Test
    void stallThatEnds_isReported() {
        Run run = new Run();
        for (int i = 0; i < 7; i++) {
            run.sees(SCREEN, "Tap " + i % 2);
        }
        run.sees(~SCREEN, "Home").thinks();

        assertThat(stalls(run)).containsExactly(numbers(1, 7));
    }

    @Test
    void sequenceThatOccursTwice_isNoCycle() {
        Run run = new Run();
        for (int i = 0; i < 4; i++) {
            run.does("Tap " + i % 2);
        }

        assertThat(stalls(run)).isEmpty();
    }

    @Property
    void withoutScreenshots_sequenceRepeatedThreeTimes_isFound(
            @ForAll @IntRange(min = 2, max = 6) int length,
            @ForAll @IntRange(min = 3, max = 30) int times,
            @ForAll @IntRange(max = 50) int before,
            @ForAll @IntRange(max = 20) int after) {
        Run run = new Run();
        for (int i = 0; i < before; i++) {
            run.does("Type " + i);
        }
        for (int i = 0; i < length * times; i++) {
            run.does("Tap " + i % length);
        }
        for (int i = 0; i < after; i++) {
            run.does("Swipe " + i);
        }

        assertThat(stalls(run)).containsExactly(numbers(before + 1, before + length * times));
    }
}
