package dev.steptrail.insights.history;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.insights.history.Action.Place;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStatus;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private static final History HISTORY = new History(1);
    private static final List<Planted> PLANTED = HISTORY.planted();
    private static final Map<UUID, GeneratedRun> RUNS =
            HISTORY.runs().collect(Collectors.toMap(GeneratedRun::taskId, Function.identity()));

    @Test
    void history_ofTheSameSeed_isTheSame_andOfAnotherIsNot() {
        assertThat(records(1)).isEqualTo(records(1)).isNotEqualTo(records(2));
    }

    private static List<StepRecord> records(long seed) {
        return new History(seed)
                .runs()
                .limit(20)
                .flatMap(run -> run.records().stream())
                .toList();
    }

    @Test
    void records_areNumberedWithoutGaps_andHaveAllEndings() {
        assertThat(RUNS.values()).hasSize(History.RUNS).allSatisfy(run -> assertThat(
                        run.records().stream().filter(Step.class::isInstance).map(record -> ((Step) record)
                                .stepNumber()))
                .isEqualTo(IntStream.rangeClosed(1, run.steps().size()).boxed().toList()));
        assertThat(RUNS.values().stream()
                        .map(run -> run.records().get(run.records().size() - 1))
                        .map(last ->
                                last instanceof TaskEnded ended ? ended.status().wireName() : "none"))
                .contains("succeeded", "failed", "cancelled", "abandoned", "none");
    }

    @Test
    void problems_arePlantedOftenEnoughToScoreEachKind() {
        Map<String, Long> counts = PLANTED.stream()
                .collect(groupingBy(planted -> planted.getClass().getSimpleName(), counting()));

        assertThat(counts)
                .containsOnlyKeys(
                        "Loop",
                        "FlakyTask",
                        "Regression",
                        "SlowStep",
                        "ShorterPath",
                        "UnknownApp",
                        "TooManyWaits",
                        "TakeOvers",
                        "SimilarFailures",
                        "LeftUsualPath");
        assertThat(counts.get("Loop")).isGreaterThanOrEqualTo(60);
        assertThat(counts).containsEntry("FlakyTask", 8L).containsEntry("Regression", 8L);
        assertThat(counts).containsEntry("ShorterPath", 6L);
        assertThat(counts.get("SimilarFailures")).isGreaterThanOrEqualTo(8);
        assertThat(List.of("SlowStep", "LeftUsualPath", "UnknownApp", "TooManyWaits", "TakeOvers"))
                .allSatisfy(kind -> assertThat(counts.get(kind)).as(kind).isGreaterThanOrEqualTo(20));
    }

    @Test
    void loop_repeatsItsActionOnOneScreen() {
        assertThat(planted(Planted.Loop.class)).allSatisfy(loop -> {
            List<PlannedStep> steps = run(loop.taskId()).steps();
            List<PlannedStep> tries =
                    loop.steps().stream().map(number -> steps.get(number - 1)).toList();
            assertThat(tries).hasSizeBetween(3, 10).allMatch(step -> isSame(step, tries.get(0)));
            assertThat(tries)
                    .extracting(PlannedStep::screen)
                    .containsOnly(tries.get(0).screen());
        });
    }

    @Test
    void runThatLeavesTheUsualPath_isOnItOnlyBefore_andFails() {
        assertThat(planted(Planted.LeftUsualPath.class)).allSatisfy(left -> {
            GeneratedRun run = run(left.taskId());
            List<PlannedStep> usual = run.group().path().steps();
            int at = left.stepNumber() - 1;
            assertThat(run.outcome().status()).isEqualTo(TaskStatus.FAILED);
            assertThat(usual).anyMatch(step -> isSame(step, run.steps().get(at - 1)));
            assertThat(run.steps().subList(at, run.steps().size()))
                    .hasSizeGreaterThanOrEqualTo(4)
                    .noneMatch(step -> usual.stream().anyMatch(other -> isSame(step, other)));
        });
    }

    @Test
    void groups_haveTheSuccessRatesOfTheirKind() {
        Map<Group, List<GeneratedRun>> groups = RUNS.values().stream().collect(groupingBy(GeneratedRun::group));
        assertThat(groups).allSatisfy((group, runs) -> {
            double success = (double) runs.stream()
                            .filter(run -> run.outcome().status() == TaskStatus.SUCCEEDED)
                            .count()
                    / runs.size();
            switch (group.kind()) {
                case FLAKY -> assertThat(success).isBetween(0.3, 0.75);
                case ALWAYS_FAILS -> assertThat(success).isZero();
                case RARE -> assertThat(runs).hasSizeBetween(3, 6);
                case REGRESSION -> assertThat(runs).hasSize(60);
                default -> assertThat(success).isGreaterThanOrEqualTo(0.85);
            }
        });
    }

    private static GeneratedRun run(UUID taskId) {
        return RUNS.get(taskId);
    }

    /** Returns whether two steps are equal except for the jitter, which may have been added twice. */
    private static boolean isSame(PlannedStep a, PlannedStep b) {
        return a.action().name().equals(b.action().name())
                && a.action().arguments().entrySet().stream().allMatch(argument -> {
                    Object other = b.action().arguments().get(argument.getKey());
                    return argument.getValue() instanceof Place place && other instanceof Place beside
                            ? Math.abs(place.x() - beside.x()) <= 16 && Math.abs(place.y() - beside.y()) <= 16
                            : argument.getValue().equals(other);
                });
    }

    private static <P extends Planted> List<P> planted(Class<P> kind) {
        return PLANTED.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
