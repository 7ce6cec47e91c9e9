package dev.steptrail.openautoglm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.steptrail.stepformat.EndReason;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.RecordSchema;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskStatus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.DeflaterInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On a full disk or outbox, steps are dropped and counted, the agent continues, and the task's end is written. */
@Tag("slow")
class FullDiskTest extends PlaysScenarios {
    private static final int STEPS = 300;

    @Test
    void fullDisk_lossesAndEndAreWritten() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        assumeTrue(
                runs("mount", "-t", "tmpfs", "-o", "size=160k", "tmpfs", disk.toString()),
                "skipped: a small disk cannot be mounted here");
        try {
            Scenario run = Scenario.play("many_steps", disk.resolve("outbox"));

            assertLossesAndEnd(run, "outbox_unwritable");
            assertThat(run.steps()).hasSizeGreaterThan(5);
        } finally {
            assertThat(runs("umount", disk.toString())).isTrue();
        }
    }

    @Test
    void reserve_isIncompressible() throws Exception {
        Path reserve = play("killed_in_a_full_outbox").folder().resolve("reserve");

        try (var deflated = new DeflaterInputStream(Files.newInputStream(reserve))) {
            assertThat(deflated.readAllBytes()).hasSizeGreaterThanOrEqualTo(16 * 1024);
        }
    }

    @Test
    void fileSizeLimit_dropsSteps_andEndIsWrittenOnceLifted() throws Exception {
        assumeTrue(runs("sh", "-c", "ulimit -f 100"), "skipped: the size of files cannot be limited here");

        Scenario run = play("limited_files");

        assertLossesAndEnd(run, "outbox_unwritable");
        assertThat(run.steps()).hasSizeGreaterThan(20);
    }

    @Test
    void fullOutbox_dropsScreenshotsThenSteps() throws Exception {
        Scenario run = play("full_outbox");

        assertLossesAndEnd(run, "outbox_full");
        assertThat(run.steps().get(0).frames()).hasSize(1);
        assertThat(run.steps().get(run.steps().size() - 1).frames()).isEmpty();
        long withoutScreenshots =
                run.steps().stream().filter(step -> step.frames().isEmpty()).count();
        assertThat(lastLosses(run).droppedScreenshots()).isEqualTo(Map.of("outbox_full", withoutScreenshots));
    }

    private static void assertLossesAndEnd(Scenario run, String reason) throws Exception {
        JsonNode stats = run.output().get("stats");
        assertThat(run.output().get("result").asText()).isEqualTo("Done: 21 度");
        assertThat(run.output().get("ended").asBoolean()).isTrue();
        assertThat(stats.get("lost_ends").asInt()).isZero();
        assertThat(stats.get("written").asInt()).isEqualTo(run.steps().size());
        Losses losses = lastLosses(run);
        assertThat(losses.droppedSteps()).containsOnlyKeys(reason);
        assertThat(losses.totalDroppedSteps()).isEqualTo(STEPS - run.steps().size());
        assertEnds(run, TaskStatus.SUCCEEDED, EndReason.FINISHED, "Done: 21 度", STEPS);
        assertThat(run.folder().resolve("reserve")).doesNotExist();
        try (var frames = Files.list(run.folder().resolve("frames"))) {
            assertThat(frames).as("frames of written steps").hasSize(frames(run));
        }
    }

    private static int frames(Scenario run) throws Exception {
        return run.steps().stream().mapToInt(step -> step.frames().size()).sum();
    }

    private static Losses lastLosses(Scenario run) throws Exception {
        List<Losses> losses = run.all(Losses.class);
        return losses.get(losses.size() - 1);
    }

    @Test
    void losses_areWrittenWhenDroppingStarts_andRarelyAfterwards() throws Exception {
        List<StepRecord> records = play("full_outbox").records();

        assertThat(IntStream.range(1, records.size())
                        .filter(i -> records.get(i) instanceof Losses && records.get(i - 1) instanceof Losses))
                .as("consecutive losses without a step between them")
                .hasSizeLessThan(5);
    }

    @Test
    void lossesOfKilledProcess_areRecorded() throws Exception {
        Scenario run = play("killed_in_a_full_outbox");

        assertThat(run.steps()).isEmpty();
        assertThat(run.all(Losses.class))
                .extracting(losses -> losses.droppedSteps().get("outbox_full"))
                .containsExactly(1L, 4L);
    }

    @Test
    void outboxWithSpaceAgain_isWrittenAgain() throws Exception {
        Scenario run = play("outbox_that_had_room_again");

        assertThat(run.steps()).extracting(Step::stepNumber).containsExactly(2, 3);
        assertThat(lastLosses(run).droppedSteps()).containsOnlyKeys("outbox_full");
        assertEnds(run, TaskStatus.SUCCEEDED, EndReason.FINISHED, "Done: 21 度", 3);
    }

    @Test
    void incompleteLine_isTruncated() throws Exception {
        Scenario run = play("full_disk");

        assertThat(run.steps()).extracting(Step::stepNumber).containsExactly(1, 4);
        assertThat(lastLosses(run).totalDroppedSteps()).isEqualTo(2);
        assertEnds(run, TaskStatus.SUCCEEDED, EndReason.FINISHED, "Done: 21 度", 4);
    }

    @Test
    void incompleteLineThatCannotBeTruncated_corruptsNoOther() throws Exception {
        Scenario run = play("torn_line");

        List<String> lines = Scenario.lines(run.folder());
        assertThat(lines).filteredOn(line -> line.length() == 20).as("torn").hasSize(1);
        assertThat(lines).filteredOn(line -> line.contains("\"step_number\"")).hasSize(2);
        assertThat(lines)
                .filteredOn(line -> line.contains("\"losses\""))
                .singleElement()
                .asString()
                .contains("\"dropped_steps\": {\"outbox_unwritable\": 2}");
        assertThat(lines.get(lines.size() - 1)).contains("\"task_ended\"", "\"last_step_number\": 4");
    }

    @Test
    void truncation_afterFailedTruncation_removesNothingElse() throws Exception {
        List<String> lines = Scenario.lines(play("two_torn_lines").folder());

        assertThat(lines).filteredOn(line -> line.length() == 20).as("torn").hasSize(1);
        assertThat(lines).filteredOn(line -> line.length() != 20).allSatisfy(line -> assertThat(
                        RecordSchema.errors(line.getBytes(StandardCharsets.UTF_8)))
                .isEmpty());
        assertThat(lines)
                .filteredOn(line -> line.contains("\"step_number\": 3"))
                .hasSize(1);
        assertThat(lines.get(lines.size() - 1)).contains("\"task_ended\"", "\"last_step_number\": 4");
    }

    @Test
    void failedEnd_isRetried() throws Exception {
        Scenario run = play("end_that_fails");

        assertThat(run.output().get("ended").asBoolean()).isTrue();
        assertEnds(run, TaskStatus.SUCCEEDED, EndReason.FINISHED, "Done: 21 度", 4);
    }

    @Test
    void removedOutbox_isCreatedAgain_withGapForLostSteps() throws Exception {
        Scenario run = play("removed_folder");

        assertThat(run.steps()).extracting(Step::stepNumber).containsExactly(2, 3);
        assertEnds(run, TaskStatus.SUCCEEDED, EndReason.FINISHED, "Done: 21 度", 3);
    }
}
