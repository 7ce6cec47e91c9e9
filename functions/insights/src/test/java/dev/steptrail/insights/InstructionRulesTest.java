package dev.steptrail.insights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.insights.Insight.EvidenceStep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests each rule with histories for which it must and must not report. */
class InstructionRulesTest {
    @Test
    void expectation_withFiveRuns_isReported_withFourItIsNot() {
        Insight expected = new Runs().succeed(4).fail(1).insight("expectation");

        assertThat(expected.figures())
                .containsEntry("tasks", 5)
                .containsEntry("successes", 4)
                .containsEntry("success_rate", 0.8);
        assertThat((double) expected.figures().get("success_rate_low")).isBetween(0.37, 0.38);
        assertThat((double) expected.figures().get("success_rate_high")).isBetween(0.96, 0.97);
        assertThat(new Runs().succeed(4).insights("expectation")).isEmpty();
    }

    @Test
    void expectation_withFiveSuccesses_hasDurationAndPath_andIgnoresUnknownOutcomes() {
        Insight expected = new Runs().succeed(5).times(3, null, 9_000_000).insight("expectation");

        assertThat(expected.figures())
                .containsEntry("tasks", 5)
                .containsEntry("duration_p50_ms", 60_002L)
                .containsEntry("usual_path", List.of(Runs.PATH));
    }

    @Test
    void expectation_withVerdicts_countsThem_besideTheClaims() {
        Runs runs = new Runs()
                .succeed(3)
                .judged("fail")
                .succeed(2)
                .judged("pass")
                .succeed(1)
                .fail(1);

        assertThat(runs.insight("expectation").figures())
                .containsEntry("tasks", 7)
                .containsEntry("successes", 5)
                .containsEntry("claimed_successes", 6L)
                .containsEntry("verified", 4L)
                .containsEntry("disagreements", 3L);
        assertThat(new Runs().succeed(5).insight("expectation").figures()).doesNotContainKey("verified");
    }

    @Test
    void claimedSuccessesThatTheVerdictFails_areReported_ifThereAreThreeAndATenth() {
        Insight falseSuccess = new Runs()
                .succeed(20)
                .judged("fail")
                .succeed(3)
                .fail(9)
                .judged("pass")
                .succeed(9)
                .insight("false_success");

        assertThat(falseSuccess.figures())
                .containsEntry("tasks", 12)
                .containsEntry("false_successes", 3)
                .containsEntry("share", 0.25);
        assertThat(falseSuccess.tasks()).containsExactly(new UUID(0, 22), new UUID(0, 21), new UUID(0, 20));
        assertThat(new Runs().judged("fail").succeed(2).insights("false_success"))
                .isEmpty();
        assertThat(new Runs()
                        .judged("fail")
                        .succeed(3)
                        .judged("pass")
                        .succeed(28)
                        .insights("false_success"))
                .isEmpty();
    }

    @Test
    void instructionThatSucceedsEveryOtherTime_isFlaky() {
        Runs runs = new Runs().repeat(10, (next, i) -> next.succeed(1).fail(1));

        assertThat(runs.insight("flaky").figures()).containsEntry("success_rate", 0.5);
    }

    @Test
    void instructionThatMostlySucceedsOrAlwaysFailsOrGotWorseOrHasFewRuns_isNotFlaky() {
        assertThat(new Runs().succeed(18).fail(2).insights("flaky")).isEmpty();
        assertThat(new Runs().fail(30).insights("flaky")).isEmpty();
        assertThat(new Runs().succeed(10).fail(10).insights("flaky")).isEmpty();
        assertThat(new Runs().succeed(1).fail(1).succeed(1).fail(1).insights("flaky"))
                .isEmpty();
    }

    @Test
    void differenceBetweenConcurrentModels_isARegressionOfTheWorse_andNotFlaky() {
        Runs runs = new Runs()
                .repeat(
                        12,
                        (next, i) -> next.of("bad", "1").fail(1).of("good", "1").succeed(1));

        assertThat(runs.insights("flaky")).isEmpty();
        assertThat(runs.insight("regression").figures())
                .containsEntry("from", "good")
                .containsEntry("to", "bad")
                .containsEntry("at_once", true);
    }

    @Test
    void flakyInstructionThatGotSlower_isStillFlaky() {
        Runs runs = new Runs()
                .repeat(
                        20,
                        (next, i) -> next.of("fast", "1").times(1, true, 60_000).fail(1))
                .repeat(20, (next, i) -> next.of("slow", "1")
                        .times(1, true, 150_000)
                        .fail(1));

        assertThat(runs.insights("flaky")).hasSize(1);
        assertThat(runs.insight("regression").figures()).containsEntry("what", "duration");
    }

    @Test
    void runsWithoutActions_orWithMissingSteps_areNoShorterPath() {
        String[] path =
                IntStream.range(0, 15).mapToObj(i -> "Tap " + 60 * i + ",10").toArray(String[]::new);
        Runs runs = new Runs()
                .repeat(17, (next, i) -> next.go(true, 60_000, path))
                .repeat(3, (next, i) -> next.go(true, 60_000))
                .withMissingSteps()
                .repeat(4, (next, i) -> next.go(true, 60_000, Arrays.copyOf(path, 4)));

        assertThat(runs.insights("shorter_path")).isEmpty();
    }

    @Test
    void versionWithWhichRunsFail_isARegressionFromThePreviousOne() {
        Runs runs = new Runs().of("glm", "1.0").succeed(20).of("glm", "1.1").repeat(10, (next, i) -> next.succeed(1)
                .fail(1));

        assertThat(runs.insight("regression").figures())
                .containsEntry("dimension", "app_version")
                .containsEntry("from", "1.0")
                .containsEntry("to", "1.1")
                .containsEntry("what", "success")
                .containsEntry("before", 1.0)
                .containsEntry("after", 0.5);
    }

    @Test
    void modelWithTwiceTheDuration_isARegression() {
        Runs runs = new Runs()
                .of("glm", "1")
                .times(10, true, 60_000)
                .of("glm-2", "1")
                .times(10, true, 120_000);

        assertThat(runs.insight("regression").figures())
                .containsEntry("dimension", "model")
                .containsEntry("what", "duration");
    }

    @Test
    void improvement_orDifferenceByChanceOrOfFewRuns_isNoRegression() {
        for (Runs runs : List.of(
                new Runs().of("bad", "1").fail(12).of("good", "1").succeed(12),
                new Runs()
                        .of("a", "1")
                        .succeed(9)
                        .fail(1)
                        .of("b", "1")
                        .succeed(7)
                        .fail(3),
                new Runs().of("a", "1").succeed(30).of("b", "1").fail(5),
                new Runs().of("a", "1").times(10, true, 60_000).of("b", "1").times(10, true, 80_000))) {
            assertThat(runs.insights("regression")).isEmpty();
        }
    }

    @Test
    void pathOfSomeRunsThatIsFiveStepsShorter_isReported() {
        String[] around = new String[12];
        Arrays.setAll(around, i -> "Tap " + 60 * i + ",10");
        Runs runs = new Runs().succeed(4).repeat(8, (next, i) -> next.go(true, 60_000, around));

        assertThat(runs.insight("shorter_path").figures())
                .containsEntry("usual_steps", 12L)
                .containsEntry("steps", 7L)
                .containsEntry("saved_steps", 5L);
        assertThat(runs.insight("shorter_path").tasks()).hasSize(4);
        assertThat(new Runs().succeed(12).insights("shorter_path")).isEmpty();
    }

    @Test
    void failureOnAnotherPath_isReportedWithTheStepThatLeftTheUsualPath() {
        Runs runs = new Runs().succeed(6);
        runs.go(false, 1, "Launch x", "Tap 104,98", "Tap 900,1", "Tap 900,200", "Tap 900,400", "Tap 900,600");

        assertThat(runs.insights("path_deviation"))
                .extracting(Insight::steps)
                .containsExactly(List.of(new EvidenceStep(new UUID(0, 6), 3)));
    }

    @Test
    void failureOnThePath_orStuckAtOnePlace_isNotReported() {
        Runs runs = new Runs().succeed(6);
        for (String path : List.of(
                "Launch x;Tap 100,100;Type",
                "Launch x;Tap 900,1;Tap 901,1;Tap 900,2;Tap 902,1;Tap 900,1",
                "Launch x;Tap 1,900;Launch x;Tap 300,900;Launch x;Tap 500,900;Launch x;Tap 700,900")) {
            runs.go(false, 1, path.split(";"));
        }

        assertThat(runs.insights("path_deviation")).isEmpty();
    }

    @Test
    void stepThatTookTenTimesItsMedian_isSlow() {
        Runs runs = new Runs().succeed(12);
        List<Move> moves = new ArrayList<>();
        moves.add(new Move(1, "Launch", "x", 1_200L));
        moves.add(new Move(2, "Tap", "103,99", 10_000L));
        runs.add(true, 60_000, moves);

        assertThat(runs.insights("slow_step"))
                .extracting(Insight::steps)
                .containsExactly(List.of(new EvidenceStep(new UUID(0, 12), 2)));
        assertThat(runs.insight("slow_step").figures())
                .isEqualTo(Map.of("steps", 1, "action", "Tap 103,99", "duration_ms", 10_000L, "usual_ms", 1_000L));
        assertThat(new Runs().succeed(13).insights("slow_step")).isEmpty();
    }

    @Test
    void worstSlowStep_hasTheLargestRatioToItsMedian() {
        Runs runs = new Runs().succeed(12);
        runs.add(true, 60_000, List.of(new Move(1, "Launch", "x", 6_000L), new Move(2, "Back", "", 9_000L)));
        runs.add(true, 60_000, List.of(new Move(1, "Launch", "x", 7_000L)));

        assertThat(runs.insight("slow_step").figures())
                .isEqualTo(Map.of("steps", 3, "action", "Back", "duration_ms", 9_000L, "usual_ms", 1_000L));
        assertThat(runs.insight("slow_step").steps())
                .extracting(EvidenceStep::taskId)
                .containsExactly(new UUID(0, 13), new UUID(0, 12), new UUID(0, 12));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Wait", "Take_over", "Interact", "finish", "Launch"})
    void moveThatIsNotComparable_isNotSlow(String name) {
        Runs runs = new Runs()
                .repeat(
                        13,
                        (next, i) ->
                                next.add(true, 60_000, List.of(new Move(1, name, "", i == 12 ? 600_000L : 1_000L))));

        assertThat(runs.insights("slow_step")).isEmpty();
    }
}
