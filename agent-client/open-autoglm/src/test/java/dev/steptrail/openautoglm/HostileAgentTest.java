package dev.steptrail.openautoglm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An agent whose objects raise when they are read: that costs the value alone, is counted, and no log quotes it. That the agent does
 * not meet it is shown by SteptrailOpenAutoGlmTest. */
@Tag("slow")
class HostileAgentTest extends PlaysScenarios {
    @Test
    void valueThatCannotBeRead_costsItselfAlone() throws Exception {
        Scenario run = play("unprintable_values");

        TaskStarted started = run.only(TaskStarted.class);
        assertThat(started.deviceId()).isEqualTo("(unreadable)");
        assertThat(started.metadata())
                .containsEntry("good", 1)
                .containsEntry("bad", "(unreadable)")
                .containsEntry("deep", List.of("(unreadable)", Map.of("good", "too", "(unreadable)", 2)));
        assertThat(run.steps()).hasSize(2);
        assertThat(run.told().get("stats").get("unreadable_values").asInt()).isEqualTo(4);
        assertLoggedWithoutContent(run);
    }

    private static void assertLoggedWithoutContent(Scenario run) {
        JsonNode logged = run.told().get("logged");
        assertThat(logged).isNotEmpty();
        assertThat(logged.toString() + run.told().get("stats"))
                .contains("RuntimeError")
                .doesNotContain("a secret");
    }

    @Test
    void valueThatHoldsItselfTwice_isCut_andTheAgentGoesOn() throws Exception {
        Scenario run = play("values_without_end");

        assertThat(run.told().get("took_s").asDouble()).isLessThan(20);
        assertThat(run.only(TaskStarted.class).metadata())
                .containsEntry("good", 1)
                .containsKey("deep");
        assertThat(run.steps()).extracting(step -> step.action().get("action")).containsExactly("Tap", null);
        assertThat(Scenario.lines(run.folder())).allMatch(line -> line.length() < 1_000_000);
        assertEnds(run, TaskStatus.SUCCEEDED, Ending.FINISHED, "Done: 21 度", 2);
    }

    @Test
    void exceptionWithoutAText_isToldByItsType() throws Exception {
        for (String name : List.of("silent_model_error", "silent_phone_error")) {
            Scenario run = play(name);

            assertThat(run.steps())
                    .singleElement()
                    .extracting(Step::errorMessage)
                    .isEqualTo("SilentError");
            assertEnds(run, TaskStatus.FAILED, Ending.ENDED_WITHOUT_FINISH, "SilentError", 1);
        }
    }

    @Test
    void screenshotThatCannotBeRead_isCounted_andItsStepKept() throws Exception {
        Scenario run = play("unreadable_screenshot");

        assertThat(run.steps()).hasSize(2).allMatch(step -> step.frames().isEmpty());
        List<Losses> losses = run.all(Losses.class);
        assertThat(losses.get(losses.size() - 1).droppedScreenshots()).isEqualTo(Map.of("not_an_image", 2L));
        assertLoggedWithoutContent(run);
    }

    @Test
    void screenshotOfWhichItCannotBeTold_countsAsSensitive() throws Exception {
        Scenario run = play("screenshot_of_unknown_sensitivity");

        assertThat(run.steps().get(0).frames().get(0).sensitive()).isTrue();
    }

    @Test
    void answerThatIsNeitherYesNorNo_isNotToldAsEither() throws Exception {
        Scenario run = play("undecided_person");

        assertEnds(run, TaskStatus.FAILED, Ending.ENDED_WITHOUT_FINISH, "a secret", 1);
    }

    @Test
    void interruptWhileTheTrackingReads_isNotKeptFromTheAgent() throws Exception {
        Scenario run = play("interrupted_reading");

        assertThat(run.told().get("raised").asText()).isEqualTo("KeyboardInterrupt");
        assertThat(run.steps()).hasSize(1);
        assertEnds(run, TaskStatus.CANCELLED, Ending.CANCELLED, "KeyboardInterrupt", 1);
    }

    @Test
    void addressOfTheModel_isKeptWithoutItsSecrets_orNotAtAll() throws Exception {
        List<Object> kept = new ArrayList<>();
        for (Path task : play("addresses").folders()) {
            List<StepRecord> records = Scenario.records(task);
            assertThat(Scenario.lines(task)).noneMatch(line -> line.contains("SECRET"));
            kept.add(((TaskStarted) records.get(0)).metadata().get("base_url"));
        }
        assertThat(kept)
                .containsExactlyInAnyOrder(
                        "https://proxy.lab:8443/v1", "http://[::1]:8000/v1", null, null, null, null, null);
    }
}
