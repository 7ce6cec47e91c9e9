package dev.steptrail.insights;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PathRulesTest {
    private static final List<Move> USUAL = Runs.path("Launch x", "Tap 100,100", "Type", "Tap 200,200", "Back");
    private static final UUID OTHER = new UUID(0, 1);

    @Test
    void leftUsualPath_ofARunOnAnotherPath_hasItsFirstStepThere_andWhatOthersDo() {
        List<Move> run = Runs.path("Launch x", "Tap 104,98", "Tap 900,1", "Tap 900,200", "Tap 900,400", "Tap 900,600");

        assertThat(PathRules.findDeviation(USUAL, run))
                .contains(new Finding("path_deviation", List.of(3), Map.of("usual_action", "Type")));
    }

    @Test
    void leftUsualPath_ofARunOnThePath_orThatReturned_orIsPastItsEnd_isEmpty() {
        assertThat(PathRules.findDeviation(USUAL, Runs.path("Launch x", "Tap 100,100")))
                .isEmpty();
        assertThat(PathRules.findDeviation(
                        USUAL,
                        Runs.path("Launch x", "Tap 900,1", "Tap 900,200", "Tap 900,400", "Tap 900,600", "Tap 100,100")))
                .isEmpty();
        List<Move> longer = new ArrayList<>(USUAL);
        longer.addAll(Runs.path("Tap 900,1", "Tap 900,200", "Tap 900,400", "Tap 900,600"));
        assertThat(PathRules.findDeviation(USUAL, longer)).isEmpty();
        assertThat(PathRules.findDeviation(USUAL, List.of())).isEmpty();
    }

    @Test
    void shorterPath_containsTheStepsThatTheOtherRunDoesNotHave() {
        List<Move> run = Runs.path(
                "Launch x",
                "Wait",
                "Tap 100,100",
                "Back",
                "Tap 100,100",
                "Type",
                "Wait",
                "Tap 200,200",
                "Wait",
                "Back");

        assertThat(PathRules.suggestShorterPath(OTHER, USUAL, run).orElseThrow())
                .isEqualTo(new Finding(
                        "shorter_path", List.of(2, 4, 5, 7, 9), Map.of("saved_steps", 5, "task_id", OTHER.toString())));
    }

    @Test
    void shorterPath_fewStepsShorterOrLonger_isEmpty() {
        assertThat(PathRules.suggestShorterPath(OTHER, USUAL, USUAL)).isEmpty();
        assertThat(PathRules.suggestShorterPath(OTHER, USUAL, Runs.path("Launch x", "Wait", "Wait", "Wait", "Wait")))
                .isEmpty();
        assertThat(PathRules.suggestShorterPath(OTHER, USUAL, Runs.path("Launch x")))
                .isEmpty();
    }

    @Property
    void difference_isAllExceptTheCommonSubsequence_inOrder(
            @ForAll @Size(max = 30) List<@IntRange(max = 7) Integer> one,
            @ForAll @Size(max = 30) List<@IntRange(max = 7) Integer> other) {
        List<Move> ours = named(one);
        List<Move> theirs = named(other);

        List<Move> difference = PathComparison.difference(ours, theirs);

        List<Move> common = new ArrayList<>(ours);
        common.removeAll(difference);
        assertThat(difference).isSubsetOf(ours).isSortedAccordingTo((a, b) -> a.stepNumber() - b.stepNumber());
        if (!ours.isEmpty() || !theirs.isEmpty()) {
            assertThat(2.0 * common.size() / (ours.size() + theirs.size()))
                    .isEqualTo(PathComparison.similarity(ours, theirs));
        }
        int next = 0;
        for (Move move : theirs) {
            next += next < common.size() && common.get(next).isSimilar(move) ? 1 : 0;
        }
        assertThat(next).isEqualTo(common.size());
    }

    private static List<Move> named(List<Integer> names) {
        return Runs.path(names.stream().map(PathRulesTest::nameOrPlace).toArray(String[]::new));
    }

    /** Neighbouring places are similar, others are not: similarity is not transitive. */
    private static String nameOrPlace(int number) {
        return number < 3 ? "a" + number : "Tap " + 30 * number + ",0";
    }
}
