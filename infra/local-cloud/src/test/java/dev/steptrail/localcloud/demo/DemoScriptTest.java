package dev.steptrail.localcloud.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.localcloud.demo.state.Volumes.Stream;
import dev.steptrail.tracker.ActionResult;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoScriptTest {
    private final ManualClock clock = new ManualClock(LocalDateTime.parse("2026-05-14T09:41:00"));
    private final SimulatedPhone phone = new SimulatedPhone(clock);
    private final Script script = Script.demo();

    @Test
    void demo_played_failsInTwoStepsAndReachesWhatTheTaskAsks() {
        List<ActionResult> outcomes = play();

        assertThat(outcomes.stream().filter(outcome -> !outcome.success()))
                .containsExactly(
                        ActionResult.failed("App not found: 声音设置"),
                        ActionResult.failed("No text field has the focus: tap one before typing"));
        assertThat(phone.state().volumes().percent(Stream.MEDIA)).isEqualTo(100);
        assertThat(phone.state().notebook().notes()).hasSize(3);
        assertThat(phone.state().notebook().notes().get(0).text()).isEqualTo("媒体音量已调到最大，晚上记得调低");
    }

    @Test
    void demo_hasAboutTwelveStepsEachWithThinking_andFinishes() {
        assertThat(script.steps()).hasSizeBetween(12, 14).allSatisfy(step -> assertThat(step.thinking())
                .isNotBlank());
        assertThat(script.steps().get(script.steps().size() - 1).action())
                .containsEntry("_metadata", "finish")
                .containsKey("message");
    }

    @Test
    void demo_everyStepThatSucceedsButTheLast_changesTheScreen() {
        PhoneActions actions = new PhoneActions(phone, clock::advance);
        for (Script.Step step : script.steps().subList(0, script.steps().size() - 1)) {
            int[] before = screen();
            boolean success = actions.execute(step.action()).success();
            assertThat(!Arrays.equals(before, screen()))
                    .as("%s changes the screen", step.action())
                    .isEqualTo(success);
        }
    }

    private List<ActionResult> play() {
        PhoneActions actions = new PhoneActions(phone, clock::advance);
        List<ActionResult> outcomes = new ArrayList<>();
        script.steps().forEach(step -> outcomes.add(actions.execute(step.action())));
        return outcomes;
    }

    private int[] screen() {
        return phone.image().getRGB(0, 0, 1080, 2400, null, 0, 1080);
    }
}
