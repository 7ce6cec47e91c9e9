package dev.steptrail.insights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests each rule with runs for which it must and must not suggest. */
class SuggestionsTest {
    private static List<Finding> of(Run run) {
        return run.rules().suggestions();
    }

    @Test
    void unknownApp_isReportedWithItsSteps() {
        Run run = new Run()
                .fails("Launch 相机", "App not found: 相机")
                .fails("Launch 天气", "App not found: 天气")
                .does("Home")
                .fails("Launch 相机", "App not found: 相机");

        assertThat(of(run))
                .containsExactly(
                        new Finding("unknown_app", List.of(1, 4), Map.of("app", "相机", "count", 2)),
                        new Finding("unknown_app", List.of(2), Map.of("app", "天气", "count", 1)));
    }

    @Test
    void otherError_isNoUnknownApp() {
        assertThat(of(new Run().fails("Launch x", "device offline").fails("Tap 1", "App not found:")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"5, 55, true", "4, 4, false", "5, 56, false", "10, 40, true"})
    void waits_areReportedIfFiveAndOneStepInTwelve(int waits, int others, boolean isReported) {
        Run run = new Run().repeat(others, (next, i) -> next.does("Tap " + i));
        for (int i = 0; i < waits; i++) {
            run.does("Wait " + i);
        }

        assertThat(of(run).stream().anyMatch(suggestion -> suggestion.kind().equals("too_many_waits")))
                .isEqualTo(isReported);
    }

    @Test
    void requestsForAPerson_areReported() {
        assertThat(of(new Run().does("Take_over login").does("Tap 1").does("Interact")))
                .containsExactly(new Finding("take_over", List.of(1, 3), Map.of("count", 2)));
        assertThat(of(new Run().does("Tap 1"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"3, 2, true", "2, 3, false", "4, 0, false"})
    void model_isSlowIfHalfOfAtLeastFiveStepsTookTenSeconds(int slow, int quick, boolean isReported) {
        Run run = new Run().repeat(slow, (next, i) -> next.takes(10_000));
        for (int i = 0; i < quick; i++) {
            run.takes(9_999);
        }

        assertThat(of(run)).hasSize(isReported ? 1 : 0);
        if (isReported) {
            assertThat(of(run).get(0).figures()).containsEntry("mean_ms", 9999L).containsEntry("count", 3);
        }
    }

    @Test
    void screenshots_areTooLarge_byTheirMean() {
        Run large = new Run();
        Run usual = new Run();
        for (int i = 0; i < 5; i++) {
            large.stores(400_000);
            usual.stores(i == 0 ? 900_000 : 150_000);
        }

        assertThat(of(large)).extracting(Finding::kind).containsExactly("large_screenshots");
        assertThat(of(usual)).isEmpty();
    }

    @Test
    void suggestion_withoutEvidence_isRejected() {
        assertThatThrownBy(() -> new Finding("take_over", List.of(), Map.of("count", 0)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void runWithoutSteps_hasNoSuggestions() {
        assertThat(of(new Run())).isEmpty();
        assertThat(new Run().rules().findings()).isEmpty();
    }
}
