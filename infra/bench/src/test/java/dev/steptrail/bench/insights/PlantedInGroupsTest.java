package dev.steptrail.bench.insights;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.bench.insights.Planted.FlakyTask;
import dev.steptrail.bench.insights.Planted.Regression;
import dev.steptrail.bench.insights.Planted.ShorterPath;
import dev.steptrail.stepformat.TaskStatus;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlantedInGroupsTest {
    private static final History HISTORY = History.of(1, Size.USUAL);
    private static final List<Planted> PLANTED = HISTORY.planted();
    private static final Map<String, List<Run>> GROUPS = HISTORY.runs().collect(groupingBy(Run::description));

    @Test
    void flakyTasks_haveTwentyRunsOrMore_andSucceedAboutHalfOfTheTime_underEachModelAndEarlyAndLate() {
        assertThat(planted(FlakyTask.class)).allSatisfy(flaky -> {
            List<Run> runs = GROUPS.get(flaky.description());
            assertThat(runs).hasSizeGreaterThanOrEqualTo(20);
            assertThat(successes(runs)).isBetween(0.25, 0.75);
            assertThat(successes(runs.subList(0, runs.size() / 2))).isBetween(0.1, 0.9);
            assertThat(successes(runs.subList(runs.size() / 2, runs.size()))).isBetween(0.1, 0.9);
        });
    }

    @Test
    void regressions_areWorse_fromOneValueToTheNext() {
        assertThat(planted(Regression.class)).allSatisfy(regression -> {
            List<Run> runs = GROUPS.get(regression.description());
            Function<Run, String> value = run -> regression.dimension().equals("model")
                    ? run.setting().model()
                    : run.setting().version();
            List<Run> before = only(runs, run -> value.apply(run).equals(regression.from()));
            List<Run> after = only(runs, run -> value.apply(run).equals(regression.to()));
            assertThat(before).hasSizeGreaterThan(10).isEqualTo(runs.subList(0, before.size()));
            assertThat(after).hasSizeGreaterThan(10).hasSize(runs.size() - before.size());
            boolean fails = successes(before) - successes(after) > 0.25;
            boolean slows = millisOfStep(after) > 1.7 * millisOfStep(before);
            assertThat(fails).isNotEqualTo(slows);
        });
    }

    @Test
    void shorterPaths_saveFiveStepsOrMore_andAThirdOfTheRunsTakeThem() {
        assertThat(planted(ShorterPath.class)).allSatisfy(shorter -> {
            List<Run> done = only(GROUPS.get(shorter.description()), run -> status(run) == TaskStatus.SUCCEEDED);
            int usual = done.get(0).group().path().moves().size();
            int halfWay = usual - shorter.stepsSaved() / 2;
            long quick =
                    done.stream().filter(run -> run.moves().size() < halfWay).count();
            assertThat(shorter.stepsSaved()).isBetween(5, 14);
            assertThat((double) quick / done.size()).isBetween(0.15, 0.5);
        });
    }

    @Test
    void groupsOfWhichNothingIsSaid_alwaysFail_orSucceedNineTimesOfTenOrMore_orHaveFewRuns() {
        List<String> said =
                PLANTED.stream().map(PlantedInGroupsTest::description).toList();
        GROUPS.forEach((description, runs) -> {
            if (!said.contains(description) && runs.size() > 6) {
                assertThat(successes(runs)).matches(share -> share == 0 || share >= 0.85);
            }
        });
        assertThat(GROUPS.values()).anyMatch(runs -> runs.size() > 20 && successes(runs) == 0);
        assertThat(GROUPS.values()).anyMatch(runs -> runs.size() <= 6);
    }

    private static String description(Planted planted) {
        if (planted instanceof FlakyTask flaky) {
            return flaky.description();
        }
        return planted instanceof Regression regression ? regression.description() : "";
    }

    private static <T extends Planted> List<T> planted(Class<T> kind) {
        return PLANTED.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static List<Run> only(List<Run> runs, Predicate<Run> which) {
        return runs.stream().filter(which).toList();
    }

    private static double successes(List<Run> runs) {
        return (double) only(runs, run -> status(run) == TaskStatus.SUCCEEDED).size() / runs.size();
    }

    private static @Nullable TaskStatus status(Run run) {
        return run.outcome().status();
    }

    private static double millisOfStep(List<Run> runs) {
        return runs.stream()
                .flatMap(run -> Recorded.of(run).stream())
                .mapToLong(step -> step.duration().toMillis())
                .average()
                .orElseThrow();
    }
}
