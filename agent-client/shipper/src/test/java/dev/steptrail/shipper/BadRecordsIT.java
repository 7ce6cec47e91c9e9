package dev.steptrail.shipper;

import static java.nio.file.StandardOpenOption.APPEND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.shipper.fixture.Screens;
import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.FrameRole;
import dev.steptrail.stepformat.Screenshot;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.TaskRecords;
import dev.steptrail.tracker.internal.outbox.TaskWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Lines that cannot be delivered are kept and reported, and the others are delivered. */
class BadRecordsIT extends LocalAwsTestBase {
    @Test
    void linesOfOtherTasks_areRejected_andOthersAreDelivered() throws Exception {
        TaskRecords foreign = TaskRecords.newTask();
        write(task.started());
        Files.writeString(steps(), "{\"v\":1,\"torn\n\n{\"v\":1}\n", APPEND);
        appendLine(foreign.step(1, "not here"));
        appendLine(task.step(1, "one"));
        appendLine(task.ended());

        ShipCounts counts = ship();

        assertThat(aws.records()).containsExactly(task.started(), task.step(1, "one"), task.ended());
        assertThat(counts.rejected()).isEqualTo(3);
        assertThat(outbox.tasks()).isEmpty();
        assertThat(Files.readAllLines(outbox.folder().resolve("rejected/" + task.task() + ".jsonl")))
                .hasSize(3)
                .startsWith("{\"v\":1,\"torn", "{\"v\":1}");
    }

    @Test
    void missingOrBrokenFrame_isLost_afterTheLossesOfTheRecorder_andStepIsDelivered() throws Exception {
        Map<String, Object> reported = Map.of("role", "other", "reason", "never captured");
        byte[] screen = Screens.drawn(1);
        try (TaskWriter writer = outbox.newTask(task.task())) {
            Frame missing = writer.writeFrame(1, FrameRole.BEFORE, screen, false, null);
            Frame cut = writer.writeFrame(1, FrameRole.AFTER, Arrays.copyOf(screen, 3000), false, null);
            Frame good = writer.writeFrame(1, FrameRole.OTHER, screen, false, null);
            writer.append(task.started());
            writer.append(task.step(1, "one", Map.of("lost_screenshots", List.of(reported)), missing, cut, good));
            writer.append(task.ended());
        }
        Files.delete(steps().resolveSibling(Path.of("frames", "1-before.png")));

        ShipCounts counts = ship();

        Step step = (Step) aws.records().get(1);
        assertThat(step.screenshots()).extracting(Screenshot::role).containsExactly(FrameRole.OTHER);
        assertThat(step.unknown())
                .isEqualTo(Map.of(
                        "lost_screenshots",
                        List.of(
                                reported,
                                Map.of("role", "before", "reason", "the frame's file is missing"),
                                Map.of("role", "after", "reason", "the screenshot cannot be decoded"))));
        assertThat(counts.lostScreenshots()).isEqualTo(2);
        assertThat(counts.screenshots()).isEqualTo(1);
        assertThat(outbox.tasks()).isEmpty();
    }
}
