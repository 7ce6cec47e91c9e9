package dev.steptrail.openautoglm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.Ending;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What cannot be recorded costs itself, and is counted. */
class CountedLossTest extends PlaysScenarios {
    @Test
    void afterFrameThatFails_isCounted_andTheRunGoesOn() throws Exception {
        Scenario run = play("after_frame_fails");

        assertThat(run.told().get("tracked").get("outcomes").get(0).asText()).contains("Done");
        assertThat(run.only(Losses.class).droppedScreenshots()).isEqualTo(Map.of("not_captured", 1L));
    }

    @Test
    void pictureThatIsNone_costsThePictureAlone() throws Exception {
        Scenario run = play("no_picture");

        assertThat(run.steps()).hasSize(2).allMatch(step -> step.frames().isEmpty());
        List<Losses> losses = run.all(Losses.class);
        assertThat(losses.get(losses.size() - 1).droppedScreenshots()).isEqualTo(Map.of("not_an_image", 2L));
        assertThat(run.told().get("logged")).as("said once").hasSize(1);
    }

    @Test
    void recordLongerThanAnyReaderTakes_isCounted_orToldWithoutWhatIsLong() throws Exception {
        Scenario run = play("long_records");

        assertThat(run.only(TaskStarted.class).unknown())
                .containsEntry("x_left_out", List.of("description", "model", "device_id", "metadata"));
        assertThat(run.only(Losses.class).droppedSteps()).isEqualTo(Map.of("invalid", 1L));
        assertEnds(run, TaskStatus.SUCCEEDED, Ending.FINISHED, "Done: 21 度", 2);
    }

    @Test
    void outboxThatIsGone_costsTheSteps_andTheAgentGoesOn() throws Exception {
        JsonNode told = play("lost_outbox").told();

        assertThat(told.get("results")).hasSize(1);
        assertThat(told.get("stats")
                        .get("dropped_steps")
                        .get("outbox_unwritable")
                        .asInt())
                .isEqualTo(40);
        assertThat(told.get("stats").get("last_error").asText()).contains("NotADirectoryError");
        assertThat(told.get("stats").get("lost_ends").asInt())
                .as("the last is still tried")
                .isEqualTo(19);
        assertThat(told.get("logged")).as("each said once").hasSize(2);
    }

    @Test
    void queueThatIsFull_dropsPicturesFirst_thenSteps_andKeepsTheEnd() throws Exception {
        Scenario run = play("full_queue");

        assertThat(run.steps()).extracting(Step::stepNumber).containsExactly(1, 2, 3);
        assertThat(run.steps()).extracting(step -> step.frames().size()).containsExactly(1, 1, 0);
        Losses losses = run.only(Losses.class);
        assertThat(losses.droppedSteps()).isEqualTo(Map.of("queue_full", 3L));
        assertThat(losses.droppedScreenshots()).isEqualTo(Map.of("frame_queue_full", 1L));
        assertEnds(run, TaskStatus.SUCCEEDED, Ending.FINISHED, "Done: 21 度", 6);
    }
}
