package dev.steptrail.openautoglm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Data that cannot be recorded is counted as lost, and the rest is recorded. */
class CountedLossTest extends PlaysScenarios {
    @Test
    void failedAfterFrame_isCounted_andRunContinues() throws Exception {
        Scenario run = play("after_frame_fails");

        assertThat(run.output().get("tracked").get("outcomes").get(0).asText()).contains("Done");
        assertThat(run.only(Losses.class).droppedScreenshots()).isEqualTo(Map.of("not_captured", 1L));
    }

    @Test
    void invalidScreenshot_isLost_andStepIsRecorded() throws Exception {
        Scenario run = play("no_picture");

        assertThat(run.steps()).hasSize(2).allMatch(step -> step.frames().isEmpty());
        List<Losses> losses = run.all(Losses.class);
        assertThat(losses.get(losses.size() - 1).droppedScreenshots()).isEqualTo(Map.of("not_an_image", 2L));
        assertThat(run.output().get("logged")).as("logged once").hasSize(1);
    }

    @Test
    void overlongRecord_isCountedOrShortened() throws Exception {
        Scenario run = play("long_records");

        assertThat(run.only(TaskStarted.class).unknown())
                .containsEntry("x_left_out", List.of("description", "model", "device_id", "metadata"));
        assertThat(run.only(Losses.class).droppedSteps()).isEqualTo(Map.of("invalid", 1L));
        assertEnds(run, TaskStatus.SUCCEEDED, EndReason.FINISHED, "Done: 21 度", 2);
    }

    @Test
    void missingOutbox_losesSteps_andAgentContinues() throws Exception {
        JsonNode output = play("lost_outbox").output();

        assertThat(output.get("results")).hasSize(1);
        assertThat(output.get("stats")
                        .get("dropped_steps")
                        .get("outbox_unwritable")
                        .asInt())
                .isEqualTo(40);
        assertThat(output.get("stats").get("last_error").asText()).contains("NotADirectoryError");
        assertThat(output.get("stats").get("lost_ends").asInt())
                .as("the last one is still being retried")
                .isEqualTo(19);
        assertThat(output.get("logged")).as("each reason logged once").hasSize(2);
    }

    @Test
    void fullQueue_dropsScreenshotsThenSteps_andKeepsEnd() throws Exception {
        Scenario run = play("full_queue");

        assertThat(run.steps()).extracting(Step::stepNumber).containsExactly(1, 2, 3);
        assertThat(run.steps()).extracting(step -> step.frames().size()).containsExactly(1, 1, 0);
        Losses losses = run.only(Losses.class);
        assertThat(losses.droppedSteps()).isEqualTo(Map.of("queue_full", 3L));
        assertThat(losses.droppedScreenshots()).isEqualTo(Map.of("frame_queue_full", 1L));
        assertEnds(run, TaskStatus.SUCCEEDED, EndReason.FINISHED, "Done: 21 度", 6);
    }
}
