package dev.steptrail.cli.records;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.TaskStatus;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How a task starts and ends, and how losses are counted. */
class RecordedTaskTest extends LineRecorderTestBase {
    @Test
    void stepWithoutTask_isRejected_alsoAfterEnd() {
        recorder.add(step(""));
        started();
        recorder.add("{\"record\":\"task_ended\",\"status\":\"failed\"}");
        recorder.add(step(""));

        assertThat(problems).hasSize(2).allMatch(line -> line.startsWith("no task is open"));
        assertThat(recorder.lost().steps()).isEqualTo(Map.of("no_task", 2L));
    }

    @Test
    void endWithUnknownStatus_isRejected_andTaskStaysOpen() throws Exception {
        UUID task = started();
        recorder.add("{\"record\":\"task_ended\",\"status\":\"fine\"}");
        recorder.add(step(""));

        assertThat(problems)
                .singleElement()
                .asString()
                .startsWith("status: must be one of")
                .endsWith("; task_ended is not recorded, and the task stays open");
        assertThat(records(task)).hasSize(2);
    }

    @Test
    void endOfInput_abandonsTask_andNewTaskCancelsPrevious() throws Exception {
        UUID first = started();
        UUID second = started();
        recorder.close();

        assertThat(problems)
                .containsExactly("task " + first
                        + " is ended as cancelled, because this line starts another task: write task_ended first");
        assertThat(((TaskEnded) records(first).get(1)).status()).isEqualTo(TaskStatus.CANCELLED);
        TaskEnded ended = (TaskEnded) records(second).get(1);
        assertThat(ended.status()).isEqualTo(TaskStatus.ABANDONED);
        assertThat(ended.endReason()).isEqualTo(EndReason.ABANDONED);
    }

    @Test
    void usedId_isRejected_andOpenTaskContinues() throws Exception {
        UUID used = started();
        recorder.add("{\"record\":\"task_ended\",\"status\":\"failed\"}");
        UUID open = started();

        recorder.add("{\"record\":\"task_started\",\"task_id\":\"" + used + "\"}");
        recorder.add(step(""));

        assertThat(problems).singleElement().asString().endsWith("already contains a task with this id");
        assertThat(records(open)).hasSize(2).last().isInstanceOf(Step.class);
    }

    @Test
    void overlongStart_isShortened_andTaskContinues() throws Exception {
        String half = "x".repeat(9 * 1024 * 1024);
        UUID task = recorder.add(
                        "{\"record\":\"task_started\",\"description\":\"" + half + "x\",\"name\":\"" + half + "\"}")
                .orElseThrow();
        recorder.add(step(""));

        assertThat(((TaskStarted) records(task).get(0)).description()).hasSize(4_000);
        assertThat(records(task)).hasSize(2);
    }

    @Test
    void startThatCannotBeShortened_isRejected_andOpenTaskContinues() throws Exception {
        UUID open = started();
        String owner = "x".repeat(16 * 1024 * 1024 - 10);

        recorder.add("{\"record\":\"task_started\",\"on_behalf_of\":\"" + owner + "\"}");
        recorder.add(step(""));

        assertThat(problems).singleElement().asString().startsWith("the record has 1677");
        assertThat(records(open)).hasSize(2).last().isInstanceOf(Step.class);
    }

    @Test
    void stepOfOtherTask_isRejected_withoutGapInOpenTask() throws Exception {
        UUID task = started();

        recorder.add(step("\"task_id\":\"019b1ed6-ce02-7a41-b1c5-2f8a90d3e671\""));
        recorder.add(step(""));

        assertThat(problems).singleElement().asString().startsWith("task_id: differs from that of the open task");
        assertThat(((Step) records(task).get(1)).stepNumber()).isEqualTo(1);
    }

    @Test
    void lossesOfAgentAndRecorder_areAdded() throws Exception {
        UUID task = started();

        recorder.add("{\"record\":\"losses\",\"dropped_steps\":{\"queue_full\":3,\"invalid\":1}}");
        recorder.add("nothing");

        assertThat(lossesAfter(task).droppedSteps()).isEqualTo(Map.of("queue_full", 3L, "invalid", 2L));
    }

    @Test
    void fullOutbox_dropsPicturesThenSteps_andWritesLossesAndEnd() throws Exception {
        recorder = new LineRecorder(outbox, 1024 * 1024, problems::add);
        String png = Base64.getEncoder().encodeToString(Arrays.copyOf(picture("png"), 100_000));
        UUID task = started();
        for (int i = 0; i < 20; i++) {
            recorder.add(step("\"frames\":[{\"base64\":\"" + png + "\"}]"));
        }
        for (int i = 0; i < 20; i++) {
            recorder.add(step("\"thinking\":\"" + "x".repeat(20_000) + "\""));
        }

        Losses losses = lossesAfter(task);

        assertThat(losses.droppedScreenshots()).containsOnlyKeys("outbox_full");
        assertThat(losses.droppedSteps()).containsOnlyKeys("outbox_full");
        List<StepRecord> records = records(task);
        assertThat(records.stream().filter(Step.class::isInstance).count() + losses.totalDroppedSteps())
                .isEqualTo(40);
        assertThat(((TaskEnded) records.get(records.size() - 1)).lastStepNumber())
                .isEqualTo(40);
        assertThat(problems).hasSize(2);
    }

    @Test
    void removedOutbox_isCreatedAgain() throws Exception {
        UUID task = started();
        Files.move(outbox.folder(), folder.resolve("away"));

        recorder.add(step(""));

        assertThat(records(task)).hasSize(2).first().isInstanceOf(TaskStarted.class);
    }
}
