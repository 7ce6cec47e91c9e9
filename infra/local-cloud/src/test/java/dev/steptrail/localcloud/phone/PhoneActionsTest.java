package dev.steptrail.localcloud.phone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.steptrail.demophone.ManualClock;
import dev.steptrail.demophone.SimulatedPhone;
import dev.steptrail.tracker.ActionResult;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PhoneActionsTest {
    private final ManualClock clock = new ManualClock(LocalDateTime.parse("2026-05-14T09:41:00"));
    private final SimulatedPhone phone = new SimulatedPhone(clock);
    private final List<Duration> waits = new ArrayList<>();
    private final PhoneActions actions = new PhoneActions(phone, waits::add);

    @Test
    void execute_wait_advancesTheTime() {
        assertThat(actions.execute(Map.of("_metadata", "do", "action", "Wait", "duration", "1.5 seconds")))
                .isEqualTo(ActionResult.succeeded());
        assertThat(waits).containsExactly(Duration.ofMillis(1500));
    }

    @Test
    void execute_finish_succeedsWithTheAgentsMessage() {
        assertThat(actions.execute(Map.of("_metadata", "finish", "message", "好了")))
                .isEqualTo(ActionResult.succeeded("好了"));
    }

    @Test
    void execute_unsupportedAction_failsWithItsName() {
        assertThat(actions.execute(Map.of("_metadata", "do", "action", "Take_over")))
                .isEqualTo(ActionResult.failed("Unknown action: Take_over"));
    }

    @Test
    void execute_launchOfAnAppThatIsNotInstalled_failsWithItsName() {
        assertThat(actions.execute(Map.of("_metadata", "do", "action", "Launch", "app", "航班助手")))
                .isEqualTo(ActionResult.failed("App not found: 航班助手"));
    }

    @Test
    void execute_typeWithoutFocus_failsWithTheRemedy() {
        assertThat(actions.execute(Map.of("_metadata", "do", "action", "Type", "text", "晚安")))
                .isEqualTo(ActionResult.failed("No text field has the focus: tap one before typing"));
    }

    @Test
    void execute_launchTapBackAndHome_moveThePhone() {
        byte[] home = phone.screenshot();
        actions.execute(Map.of("_metadata", "do", "action", "Launch", "app", "设置"));
        byte[] settings = phone.screenshot();
        actions.execute(Map.of("_metadata", "do", "action", "Tap", "element", List.of(500, 309)));
        assertThat(phone.screenshot()).isNotEqualTo(settings);
        actions.execute(Map.of("_metadata", "do", "action", "Back"));
        assertThat(phone.screenshot()).isEqualTo(settings);
        actions.execute(Map.of("_metadata", "do", "action", "Home"));
        assertThat(phone.screenshot()).isEqualTo(home);
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void execute_malformedAction_failsAndReportsTheField(String field, Map<String, Object> action) {
        ActionResult outcome = actions.execute(action);

        assertThat(outcome.success()).isFalse();
        assertThat(outcome.message()).startsWith("Malformed action: " + field + " must be ");
    }

    static List<Arguments> malformed() {
        return List.of(
                arguments("_metadata", Map.of("action", "Back")),
                arguments("_metadata", Map.of("_metadata", "undo")),
                arguments("action", Map.of("_metadata", "do")),
                arguments("app", Map.of("_metadata", "do", "action", "Launch")),
                arguments("text", Map.of("_metadata", "do", "action", "Type", "text", 5)),
                arguments("element", Map.of("_metadata", "do", "action", "Tap", "element", List.of(500))),
                arguments("element", Map.of("_metadata", "do", "action", "Tap", "element", List.of(500, 1001))),
                arguments("end", Map.of("_metadata", "do", "action", "Swipe", "start", List.of(1, 2), "end", "there")),
                arguments("duration", Map.of("_metadata", "do", "action", "Wait", "duration", "a while")),
                arguments("message", Map.of("_metadata", "finish")));
    }
}
