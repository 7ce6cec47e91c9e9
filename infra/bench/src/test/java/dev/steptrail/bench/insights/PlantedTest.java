package dev.steptrail.bench.insights;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.bench.insights.Planted.FailureCluster;
import dev.steptrail.bench.insights.Planted.FlakyTask;
import dev.steptrail.bench.insights.Planted.LeftUsualPath;
import dev.steptrail.bench.insights.Planted.Loop;
import dev.steptrail.bench.insights.Planted.Regression;
import dev.steptrail.bench.insights.Planted.ShorterPath;
import dev.steptrail.bench.insights.Planted.SlowStep;
import dev.steptrail.bench.insights.Planted.TakeOvers;
import dev.steptrail.bench.insights.Planted.TooManyWaits;
import dev.steptrail.bench.insights.Planted.UnknownApp;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.TaskStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PlantedTest {
    private static final History HISTORY = History.of(1, Size.USUAL);
    private static final List<Planted> PLANTED = HISTORY.planted();
    private static final Map<UUID, Run> RUNS =
            HISTORY.runs().collect(Collectors.toMap(Run::taskId, Function.identity()));
    private static final Map<String, List<Run>> GROUPS = HISTORY.runs().collect(groupingBy(Run::description));

    @Test
    void eachKind_isPlantedOftenEnough_toTellHowManyAreFound() {
        Map<Class<?>, Long> counts =
                PLANTED.stream().collect(Collectors.groupingBy(Planted::getClass, Collectors.counting()));

        assertThat(counts.get(Loop.class)).isGreaterThanOrEqualTo(60);
        assertThat(counts.get(SlowStep.class)).isGreaterThanOrEqualTo(30);
        assertThat(counts.get(LeftUsualPath.class)).isGreaterThanOrEqualTo(30);
        assertThat(counts.get(UnknownApp.class)).isGreaterThanOrEqualTo(20);
        assertThat(counts.get(TooManyWaits.class)).isGreaterThanOrEqualTo(20);
        assertThat(counts.get(TakeOvers.class)).isGreaterThanOrEqualTo(20);
        assertThat(counts.get(FailureCluster.class)).isGreaterThanOrEqualTo(8);
        assertThat(counts).containsEntry(FlakyTask.class, 8L).containsEntry(Regression.class, 8L);
        assertThat(counts).containsEntry(ShorterPath.class, 6L);
    }

    @Test
    void loops_haveTheirActionAtTheirSteps_onOneScreen() {
        assertThat(planted(Loop.class)).allSatisfy(loop -> {
            List<Step> steps = Recorded.of(RUNS.get(loop.taskId()));
            List<Step> tries =
                    loop.steps().stream().map(number -> steps.get(number - 1)).toList();
            assertThat(tries).hasSizeBetween(3, 10);
            assertThat(tries).allMatch(step -> Recorded.doTheSame(step, tries.get(0)));
            assertThat(tries).allMatch(step -> Recorded.maySeeTheSame(step, tries.get(0)));
        });
        assertThat(planted(Loop.class)).anyMatch(PlantedTest::isInterleaved).anyMatch(loop -> !isInterleaved(loop));
    }

    private static boolean isInterleaved(Loop loop) {
        List<Integer> steps = loop.steps();
        return steps.get(steps.size() - 1) - steps.get(0) >= steps.size();
    }

    @Test
    void slowSteps_takeFiveTimesAsLongAsTheirKindDoes_orMore() {
        assertThat(planted(SlowStep.class)).allSatisfy(slow -> {
            Run run = RUNS.get(slow.taskId());
            Move slowMove = run.moves().get(slow.stepNumber() - 1);
            double usual = GROUPS.get(run.description()).stream()
                    .flatMap(other -> other.moves().stream())
                    .filter(move -> isSame(move, slowMove))
                    .mapToDouble(Move::millis)
                    .min()
                    .orElseThrow();
            Duration taken = Recorded.of(run).get(slow.stepNumber() - 1).duration();
            assertThat(taken)
                    .isBetween(Duration.ofMillis((long) (4.99 * usual)), Duration.ofMillis((long) (10.01 * usual)));
        });
    }

    @Test
    void unknownApps_areLaunchesThatFail() {
        assertThat(planted(UnknownApp.class)).allSatisfy(unknown -> {
            Step step = Recorded.of(RUNS.get(unknown.taskId())).get(unknown.stepNumber() - 1);
            assertThat(step.action()).containsEntry("action", "Launch").containsEntry("app", unknown.app());
            assertThat(step.success()).isFalse();
            assertThat(step.errorMessage()).isEqualTo("App not found: " + unknown.app());
        });
    }

    @Test
    void waitsAndTakeOvers_areManyWherePlanted_andFewOrNoneElsewhere() {
        RUNS.values().forEach(run -> {
            boolean waits = run.planted().contains(new TooManyWaits(run.taskId()));
            boolean asks = run.planted().contains(new TakeOvers(run.taskId()));
            assertThat(count(run, PhoneAction.WAIT)).isBetween(waits ? 8L : 0L, waits ? 17L : 2L);
            assertThat(count(run, PhoneAction.TAKE_OVER)).isBetween(asks ? 1L : 0L, asks ? 3L : 0L);
        });
    }

    @Test
    void runsOfACluster_failByTheSameText_butForNumbersIdsAndNames() {
        assertThat(planted(FailureCluster.class)).allSatisfy(cluster -> assertThat(cluster.taskIds())
                .hasSizeGreaterThan(1)
                .allSatisfy(task -> {
                    Run run = RUNS.get(task);
                    String message = run.outcome().message();
                    assertThat(run.outcome().status()).isEqualTo(TaskStatus.FAILED);
                    assertThat(message).matches(Recorded.pattern(cluster.error()));
                    List<Step> steps = Recorded.of(run);
                    assertThat(steps.get(steps.size() - 1).errorMessage()).isEqualTo(message);
                }));
    }

    @Test
    void runsThatLeaveTheUsualPath_areOnItUpToThatStep_neverAfter_andFail() {
        assertThat(planted(LeftUsualPath.class)).allSatisfy(left -> {
            Run run = RUNS.get(left.taskId());
            List<Move> usual = run.group().path().moves();
            int at = left.stepNumber() - 1;
            assertThat(run.outcome().status()).isEqualTo(TaskStatus.FAILED);
            assertThat(run.moves().get(at - 1)).matches(move -> isOn(usual, move));
            assertThat(run.moves().subList(at, run.moves().size()))
                    .hasSizeGreaterThanOrEqualTo(4)
                    .noneMatch(move -> isOn(usual, move));
        });
    }

    private static boolean isSame(Move a, Move b) {
        return a.screen() == b.screen()
                && Recorded.doTheSame(a.action().json(), b.action().json());
    }

    private static boolean isOn(List<Move> path, Move move) {
        return path.stream()
                .anyMatch(usual ->
                        Recorded.doTheSame(usual.action().json(), move.action().json()));
    }

    private static <T extends Planted> List<T> planted(Class<T> kind) {
        return PLANTED.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static long count(Run run, String action) {
        return run.moves().stream()
                .filter(move -> move.action().name().equals(action))
                .count();
    }
}
