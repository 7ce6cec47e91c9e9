package dev.steptrail.insights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.insights.Insight.EvidenceStep;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FailureScreenRuleTest {
    private static final String KIND = "failures_on_screen";
    private static final long LOGIN = 0x0F0F_0F0F_0F0F_0F0FL;
    private static final long HOME = ~LOGIN;

    @Test
    void threeFailuresOnOneScreen_withAnyErrors_areReportedNewestFirst() {
        Runs runs = new Runs()
                .seeing(LOGIN, "no node")
                .fail(1)
                .seeing(LOGIN ^ 0b11_1111, "timeout")
                .fail(1)
                .seeing(LOGIN, null)
                .fail(1);

        Insight reported = runs.ofOwner(KIND).get(0);

        assertThat(reported.figures())
                .containsEntry("tasks", 3)
                .containsEntry("failures", 3)
                .containsEntry("errors", 3)
                .doesNotContainKey("error");
        assertThat(reported.tasks()).containsExactly(new UUID(0, 2), new UUID(0, 1), new UUID(0, 0));
        assertThat(reported.steps())
                .startsWith(new EvidenceStep(new UUID(0, 2), 7))
                .hasSize(3);
    }

    @Test
    void errorThatAllHave_isReported() {
        Runs same = new Runs().seeing(LOGIN, "no node").fail(3);
        Runs none = new Runs().seeing(LOGIN, null).fail(3);

        assertThat(same.ofOwner(KIND).get(0).figures())
                .containsEntry("errors", 1)
                .containsEntry("error", "no node");
        assertThat(none.ofOwner(KIND).get(0).figures())
                .containsEntry("errors", 1)
                .doesNotContainKey("error");
    }

    @Test
    void twoFailures_orOtherOrNoScreens_areNotReported() {
        Runs two = new Runs().seeing(LOGIN, null).fail(2);
        assertThat(two.ofOwner(KIND)).isEmpty();
        assertThat(two.seeing(LOGIN ^ 0b111_1111, null).fail(1).ofOwner(KIND)).isEmpty();
        assertThat(new Runs().fail(9).ofOwner(KIND)).isEmpty();
    }

    @Test
    void screenOnWhichALargerShareOfSuccessesEnds_isNotReported() {
        Runs runs = new Runs().seeing(HOME, null).fail(3).seeing(LOGIN, null).fail(3);
        assertThat(runs.ofOwner(KIND)).hasSize(2);

        runs.seeing(HOME, null).succeed(6).seeing(LOGIN, null).succeed(4);

        assertThat(runs.ofOwner(KIND))
                .extracting(Insight::tasks)
                .containsExactly(List.of(new UUID(0, 5), new UUID(0, 4), new UUID(0, 3)));
    }

    @Test
    void runsWithoutScreenshots_orWithUnknownOutcome_areIgnored() {
        Runs runs = new Runs().seeing(HOME, null).fail(4).seeing(LOGIN, null).fail(1);
        runs.seeing(HOME, null).succeed(4).seeing(LOGIN, null).succeed(1);
        assertThat(runs.ofOwner(KIND)).hasSize(1);

        runs.seeing(null, null).fail(50).succeed(50).seeing(HOME, null).times(50, null, 1);

        assertThat(runs.ofOwner(KIND)).hasSize(1);
    }

    @Property(tries = 300)
    void failures_areInOneGroupAtMost_andNearItsNewest(
            @ForAll @Size(max = 60) List<@IntRange(max = 0xFFF) Integer> screens) {
        Runs runs = new Runs();
        screens.forEach(screen -> runs.seeing((long) screen, null).fail(1));

        List<Insight> reported = runs.ofOwner(KIND);

        assertThat(reported.stream().flatMap(insight -> insight.tasks().stream()))
                .doesNotHaveDuplicates();
        for (Insight insight : reported) {
            List<Integer> seen = insight.tasks().stream()
                    .map(run -> screens.get((int) run.getLeastSignificantBits()))
                    .toList();
            assertThat(seen).hasSizeGreaterThanOrEqualTo(3);
            assertThat(seen).allMatch(screen -> TaskStep.isSimilarScreen(seen.get(0), screen));
        }
    }
}
