package dev.steptrail.cli.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.cli.Steptrail;
import dev.steptrail.shipper.fixture.JavaProcess;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStatus;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** {@code steptrail record} in a separate process that reads from a pipe. */
@Tag("slow")
class RecordIT {
    private static final int STEPS = 120;

    @TempDir
    Path folder;

    private record Run(int exitCode, List<String> out, List<String> err) {}

    @Test
    void fullDisk_dropsAndCountsSteps_andWritesEnd() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        if (!run("mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", disk.toString())) {
            System.out.println("skipped: a small disk cannot be mounted here");
            throw new TestAbortedException("skipped: a small disk cannot be mounted here");
        }
        try {
            Run run = record(disk.resolve("outbox"), lines("x".repeat(1500), ""));

            List<StepRecord> records =
                    records(disk.resolve("outbox").resolve(run.out().get(0)));
            Losses losses = lastLosses(records);
            long kept = records.stream().filter(Step.class::isInstance).count();
            assertThat(losses.droppedSteps()).containsOnlyKeys("outbox_unwritable");
            assertThat(losses.totalDroppedSteps()).isEqualTo(STEPS - kept).isPositive();
            TaskEnded ended = (TaskEnded) records.get(records.size() - 1);
            assertThat(ended.status()).isEqualTo(TaskStatus.SUCCEEDED);
            assertThat(ended.lastStepNumber()).isEqualTo(STEPS);
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err()).hasSize(2).first().asString().contains("steps are being lost");
            assertThat(run.err().get(1))
                    .isEqualTo("steptrail: total losses: " + (STEPS - kept) + " steps (outbox_unwritable "
                            + (STEPS - kept) + ")");
        } finally {
            assertThat(run("umount", disk.toString())).isTrue();
        }
    }

    @Test
    void diskWithoutSpaceForPictures_storesSteps() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        if (!run("mount", "-t", "tmpfs", "-o", "size=220k", "tmpfs", disk.toString())) {
            System.out.println("skipped: a small disk cannot be mounted here");
            throw new TestAbortedException("skipped: a small disk cannot be mounted here");
        }
        try {
            String png = Base64.getEncoder().encodeToString(Arrays.copyOf(png(), 50_000));
            Run run = record(disk.resolve("outbox"), lines("x", ",\"frames\":[{\"base64\":\"" + png + "\"}]"));

            List<StepRecord> records =
                    records(disk.resolve("outbox").resolve(run.out().get(0)));
            Losses losses = lastLosses(records);
            assertThat(records).filteredOn(Step.class::isInstance).hasSize(STEPS);
            assertThat(losses.totalDroppedSteps()).isZero();
            assertThat(losses.droppedScreenshots()).containsOnlyKeys("outbox_unwritable");
            assertThat(run.exitCode()).isEqualTo(1);
        } finally {
            assertThat(run("umount", disk.toString())).isTrue();
        }
    }

    @Test
    void taskWithoutLosses_exitsWith0_withoutOutput() throws Exception {
        Run run = record(folder.resolve("outbox"), lines("x", ""));

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(UUID.fromString(run.out().get(0)).version()).isEqualTo(7);
    }

    @Test
    void failedLine_isReportedByLineNumber() throws Exception {
        Run run = record(
                folder.resolve("outbox"),
                List.of(
                        "{\"record\":\"task_started\"}",
                        "",
                        "oops",
                        "{\"record\":\"task_ended\",\"status\":\"failed\"}"));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .containsExactly(
                        "steptrail: line 3: step 1 is lost: the line is not valid JSON",
                        "steptrail: total losses: 1 step (invalid 1)");
    }

    private static List<String> lines(String thinking, String more) {
        List<String> lines = new ArrayList<>(List.of("{\"record\":\"task_started\"}"));
        for (int step = 1; step <= STEPS; step++) {
            lines.add("{\"record\":\"step\",\"step_type\":\"action\",\"thinking\":\"" + thinking + "\"" + more + "}");
        }
        lines.add("{\"record\":\"task_ended\",\"status\":\"succeeded\"}");
        return lines;
    }

    private static Losses lastLosses(List<StepRecord> records) {
        return (Losses) records.stream()
                .filter(Losses.class::isInstance)
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    private static byte[] png() throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(27, 60, BufferedImage.TYPE_INT_RGB), "png", png);
        return png.toByteArray();
    }

    private static List<StepRecord> records(Path task) throws Exception {
        List<StepRecord> records = new ArrayList<>();
        for (String line : Files.readAllLines(task.resolve("steps.jsonl"))) {
            records.add(RecordCodec.decode(line.getBytes(UTF_8)));
        }
        return records;
    }

    /** Writes the lines to the process. A broken pipe fails the test. */
    private Run record(Path outbox, List<String> lines) throws Exception {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = JavaProcess.of(Steptrail.class, "record", "--outbox", outbox.toString())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try (OutputStream in = process.getOutputStream()) {
            for (String line : lines) {
                in.write((line + "\n").getBytes(UTF_8));
                in.flush();
            }
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), Files.readAllLines(out), Files.readAllLines(err));
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }
}
