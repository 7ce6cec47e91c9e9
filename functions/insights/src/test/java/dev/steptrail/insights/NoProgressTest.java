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
        Run stuck = new Run().sees(~SCREEN, "Home").repeat(6, (next, i) -> next.sees(SCREEN ^ (i & 1), "Tap " + i));
        Run goingOn = new Run().repeat(6, (next, i) -> next.sees(i < 5 ? SCREEN : ~SCREEN, "Tap " + i));

        assertThat(stalls(stuck)).containsExactly(numbers(2, 7));
        assertThat(stalls(goingOn)).isEmpty();
    }

    @Test
    void oneActionAtNearbyPlaces_isOnlyALoop_twoAreNoProgress_withAndWithoutScreenshots() {
        Run seen = new Run().repeat(9, (next, i) -> next.sees(SCREEN, "Tap 50" + i % 3 + ",842"));
        Run unseen = new Run().repeat(9, (next, i) -> next.does("Tap 50" + i % 3 + ",842"));
        assertThat(stalls(seen)).isEmpty();
        assertThat(stalls(unseen)).isEmpty();

        seen.repeat(9, (next, i) -> next.sees(SCREEN, "Tap 50" + i % 3 + ",742"));
        unseen = new Run()
                .repeat(4, (next, i) -> next.does("Tap 50" + i + ",842").does("Tap 50" + i + ",742"));
        assertThat(stalls(seen)).containsExactly(numbers(1, 18));
        assertThat(stalls(unseen)).containsExactly(numbers(1, 8));
    }

    @Property
    void withoutScreenshots_longCycleOfOneActionAndAnother_isNotFound(@ForAll @IntRange(min = 6, max = 40) int times) {
        Run run = new Run().repeat(5, (cycle, i) -> cycle.repeat(times, (next, j) -> next.does("Tap 1"))
                .does("Back"));

        assertThat(stalls(run)).isEmpty();
    }

    @Property
    void withoutScreenshots_cycleWithARepeatedAction_isFound(
            @ForAll @IntRange(min = 2, max = 5) int repeats,
            @ForAll @IntRange(min = 3, max = 30) int times,
            @ForAll @IntRange(max = 50) int before) {
        Run run = new Run()
                .repeat(before, (next, i) -> next.does("Type " + i))
                .repeat(times, (cycle, i) -> cycle.repeat(repeats, (next, j) -> next.does("Tap 1"))
                        .does("Back"));

        assertThat(stalls(run)).containsExactly(numbers(before + 1, before + times * (repeats + 1)));
    }

    @Test
    void stallThatEnds_isReported() {
        Run run = new Run().repeat(7, (next, i) -> next.sees(SCREEN, "Tap " + i % 2));
        run.sees(~SCREEN, "Home").thinks();

        assertThat(stalls(run)).containsExactly(numbers(1, 7));
    }

    @Test
    void sequenceThatOccursTwice_isNoCycle() {
        Run run = new Run().repeat(4, (next, i) -> next.does("Tap " + i % 2));

        assertThat(stalls(run)).isEmpty();
    }

    @Property
    void withoutScreenshots_sequenceRepeatedThreeTimes_isFound(
            @ForAll @IntRange(min = 2, max = 6) int length,
            @ForAll @IntRange(min = 3, max = 30) int times,
            @ForAll @IntRange(max = 50) int before,
            @ForAll @IntRange(max = 20) int after) {
        Run run = new Run()
                .repeat(before, (next, i) -> next.does("Type " + i))
                .repeat(length * times, (next, i) -> next.does("Tap " + i % length))
                .repeat(after, (next, i) -> next.does("Swipe " + i));

        assertThat(stalls(run)).containsExactly(numbers(before + 1, before + length * times));
    }
}
