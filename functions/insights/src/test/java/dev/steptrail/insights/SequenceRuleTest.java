package dev.steptrail.insights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.insights.Insight.EvidenceStep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SequenceRuleTest {
    private static final String KIND = "frequent_sequence";
    private static final String[] SEARCH = {"Launch shop", "Tap 500,80", "Type"};

    /** Returns runs with different moves before and after the same search. */
    private static Runs searches(int times) {
        return new Runs().repeat(times, (next, i) -> next.asked("buy " + i % 3)
                .go(true, 1, "Open " + i, SEARCH[0], "Tap " + (500 + i) + ",80", SEARCH[2], "Close " + i));
    }

    private static List<List<String>> actions(List<Insight> insights) {
        return insights.stream()
                .map(insight -> ((List<?>) insight.figures().get("actions"))
                        .stream().map(String::valueOf).toList())
                .toList();
    }

    @Test
    void threeMovesSharedByFiveRuns_areReportedWithTheirFirstSteps_newestFirst() {
        Insight search = searches(5).ofOwner(KIND).get(0);

        assertThat(search.figures())
                .containsEntry("actions", List.of("Launch shop", "Tap 504,80", "Type"))
                .containsEntry("tasks", 5)
                .containsEntry("of_tasks", 5)
                .containsEntry("instructions", 3L);
        assertThat(search.tasks()).startsWith(new UUID(0, 4), new UUID(0, 3)).hasSize(5);
        assertThat(search.steps())
                .startsWith(new EvidenceStep(new UUID(0, 4), 2))
                .hasSize(5);
    }

    @Test
    void sequenceOfFewRuns_orOfTwoMovesOrDistantPlacesOrOneAction_isNotReported() {
        String swipe = "Swipe 5,9,5,1";
        for (Runs runs : List.of(
                searches(4),
                searches(5).repeat(46, (next, i) -> next.go(true, 1, "Look " + i)),
                new Runs().repeat(9, (next, i) -> next.go(true, 1, "Open " + i, "Back", "Home", "Close " + i)),
                new Runs().repeat(9, (next, i) -> next.go(true, 1, "Launch shop", "Tap " + 100 * i + ",80", "Type")),
                new Runs()
                        .repeat(
                                9,
                                (next, i) -> next.go(true, 1, swipe, swipe, "Swipe 5,8,5,1", swipe, "Close " + i)))) {
            assertThat(runs.ofOwner(KIND)).isEmpty();
        }
    }

    @Test
    void partOfALongerSequence_isReportedOnlyIfMoreFrequent() {
        Runs runs = new Runs().repeat(5, (next, i) -> next.go(true, 1, "Open " + i, "A", "B", "C", "D", "E"));
        assertThat(actions(runs.ofOwner(KIND))).containsExactly(List.of("A", "B", "C", "D", "E"));

        runs.repeat(5, (next, i) -> next.go(true, 1, "Look " + i, "B", "C", "D", "Close " + i));
        assertThat(actions(runs.ofOwner(KIND))).containsExactly(List.of("B", "C", "D"));
        runs.repeat(3, (next, i) -> next.go(true, 1, "Find " + i, "A", "B", "C", "D", "E"));
        assertThat(actions(runs.ofOwner(KIND)))
                .containsExactly(List.of("A", "B", "C", "D", "E"), List.of("B", "C", "D"));
    }

    @Test
    void sequenceLongerThanTen_isReportedInParts_notFromEachOfItsMoves() {
        String[] path = IntStream.range(0, 30).mapToObj(i -> "Open " + i).toArray(String[]::new);
        Runs runs = new Runs().repeat(9, (next, i) -> next.go(true, 1, path));

        List<List<String>> reported = actions(runs.ofOwner(KIND));

        assertThat(reported).hasSize(3).allSatisfy(part -> assertThat(part).hasSize(10));
        assertThat(reported.get(0)).isEqualTo(List.of(path).subList(0, 10));
    }

    @Test
    void runWithTwoOccurrences_countsOnce() {
        String[] twice = Stream.of(SEARCH, new String[] {"Back"}, SEARCH)
                .flatMap(Arrays::stream)
                .toArray(String[]::new);
        Runs runs = searches(4);
        assertThat(runs.ofOwner(KIND)).isEmpty();

        assertThat(runs.go(true, 1, twice).ofOwner(KIND))
                .extracting(insight -> insight.figures().get("tasks"))
                .containsExactly(5);
    }

    @Test
    void atMostTwentyAreReported_thoseThatSaveMost() {
        Runs runs = new Runs();
        for (int i = 0; i < 9; i++) {
            List<String> path = new ArrayList<>();
            for (int sequence = 0; sequence < 25; sequence++) {
                for (int at = 0; at < (sequence == 24 ? 4 : 3); at++) {
                    path.add("Open " + sequence + "." + at);
                }
                path.add("Look " + sequence + "." + i);
            }
            runs.go(true, 1, path.toArray(String[]::new));
        }

        List<List<String>> reported = actions(runs.ofOwner(KIND));

        assertThat(reported).hasSize(20);
        assertThat(reported.get(0)).hasSize(4);
    }

    /** Verifies by brute force that each reported sequence has enough runs and that every extension has fewer. */
    @Property(tries = 300)
    void reportedSequences_areFrequentAndClosed(
            @ForAll @Size(min = 5, max = 25) List<@Size(max = 14) List<@IntRange(max = 3) Integer>> paths) {
        Runs runs = new Runs();
        List<List<String>> names = new ArrayList<>();
        for (List<Integer> path : paths) {
            List<String> moves = path.stream().map(String::valueOf).toList();
            names.add(moves);
            runs.go(true, 1, moves.toArray(String[]::new));
        }

        List<Insight> reported = runs.ofOwner(KIND);

        assertThat(reported).hasSizeLessThanOrEqualTo(20);
        for (Insight insight : reported) {
            List<String> actions = actions(List.of(insight)).get(0);
            int support = support(actions, names);
            assertThat(insight.figures()).containsEntry("tasks", support);
            assertThat(support).isGreaterThanOrEqualTo(5);
            assertThat(actions).hasSizeBetween(3, 10);
            assertThat(actions.stream().distinct().count()).isGreaterThan(1);
            if (actions.size() < 10) {
                for (String more : List.of("0", "1", "2", "3")) {
                    assertThat(support(and(actions, List.of(more)), names)).isLessThan(support);
                    assertThat(support(and(List.of(more), actions), names)).isLessThan(support);
                }
            }
        }
        assertThat(reported.isEmpty()).isEqualTo(isNothingFrequent(names));
    }

    private static List<String> and(List<String> first, List<String> then) {
        return Stream.concat(first.stream(), then.stream()).toList();
    }

    private static int support(List<String> actions, List<List<String>> paths) {
        return (int) paths.stream()
                .filter(path -> IntStream.rangeClosed(0, path.size() - actions.size())
                        .anyMatch(at -> path.subList(at, at + actions.size()).equals(actions)))
                .count();
    }

    private static boolean isNothingFrequent(List<List<String>> paths) {
        return paths.stream().noneMatch(path -> IntStream.rangeClosed(0, path.size() - 3)
                .mapToObj(at -> path.subList(at, at + 3))
                .anyMatch(three -> three.stream().distinct().count() > 1 && support(three, paths) >= 5));
    }
}
