package dev.steptrail.openautoglm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.EndReason;
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

/**
 * Objects of the agent that raise when they are read. Only the value is lost and counted, and no log quotes it.
 * SteptrailOpenAutoGlmTest verifies that the agent is not affected.
 */
@Tag("slow")
class HostileAgentTest extends PlaysScenarios {
    @Test
    void unreadableValue_isReplaced() throws Exception {
        Scenario run = play("unprintable_values");

        TaskStarted started = run.only(TaskStarted.class);
        assertThat(started.deviceId()).isEqualTo("(unreadable)");
        assertThat(started.metadata())
                .containsEntry("good", 1)
                .containsEntry("bad", "(unreadable)")
                .containsEntry("deep", List.of("(unreadable)", Map.of("good", "too", "(unreadable)", 2)));
        assertThat(run.steps()).hasSize(2);
        assertThat(run.output().get("stats").get("unreadable_values").asInt()).isEqualTo(4);
        assertLoggedWithoutContent(run);
    }

    private static void assertLoggedWithoutContent(Scenario run) {
        JsonNode logged = run.output().get("logged");
        assertThat(logged).isNotEmpty();
        assertThat(logged.toString() + run.output().get("stats"))
                .contains("RuntimeError")
                .doesNotContain("a secret");
    }

    @Test
    void exponentialValue_isTruncated_andAgentContinues() throws Exception {
        Scenario run = play("values_without_end");

        assertThat(run.output().get("took_s").asDouble()).isLessThan(20);
        assertThat(run.only(TaskStarted.class).metadata())
                .containsEntry("good", 1)
                .containsKey("deep");
        assertThat(run.steps()).extracting(step -> step.action().get("action")).containsExactly("Tap", null);
        assertThat(Scenario.lines(run.folder())).allMatch(line -> line.length() < 1_000_000);
        assertEnds(run, TaskStatus.SUCCEEDED, EndReason.FINISHED, "Done: 21 度", 2);
    }

    @Test
    void exceptionWithoutText_isRecordedByType() throws Exception {
        for (String name : List.of("silent_model_error", "silent_phone_error")) {
            Scenario run = play(name);

            assertThat(run.steps())
                    .singleElement()
                    .extracting(Step::errorMessage)
                    .isEqualTo("SilentError");
            assertEnds(run, TaskStatus.FAILED, EndReason.ENDED_WITHOUT_FINISH, "SilentError", 1);
        }
    }

    @Test
    void unreadableScreenshot_isCounted_andStepIsRecorded() throws Exception {
        Scenario run = play("unreadable_screenshot");

        assertThat(run.steps()).hasSize(2).allMatch(step -> step.frames().isEmpty());
        List<Losses> losses = run.all(Losses.class);
        assertThat(losses.get(losses.size() - 1).droppedScreenshots()).isEqualTo(Map.of("not_an_image", 2L));
        assertLoggedWithoutContent(run);
    }

    @Test
    void screenshotOfUnknownSensitivity_countsAsSensitive() throws Exception {
        Scenario run = play("screenshot_of_unknown_sensitivity");

        assertThat(run.steps().get(0).frames().get(0).sensitive()).isTrue();
    }

    @Test
    void undecidableConfirmation_isNotRecorded() throws Exception {
        Scenario run = play("undecided_person");

        assertEnds(run, TaskStatus.FAILED, EndReason.ENDED_WITHOUT_FINISH, "a secret", 1);
    }

    @Test
    void interruptDuringRecording_reachesAgent() throws Exception {
        Scenario run = play("interrupted_reading");

        assertThat(run.output().get("raised").asText()).isEqualTo("KeyboardInterrupt");
        assertThat(run.steps()).hasSize(1);
        assertEnds(run, TaskStatus.CANCELLED, EndReason.CANCELLED, "KeyboardInterrupt", 1);
    }

    @Test
    void modelUrl_isRecordedWithoutSecrets_orOmitted() throws Exception {
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
