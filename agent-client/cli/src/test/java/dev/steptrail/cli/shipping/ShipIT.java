package dev.steptrail.cli.shipping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.steptrail.cli.Steptrail;
import dev.steptrail.cli.SteptrailTestBase;
import dev.steptrail.shipper.fixture.JavaProcess;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.tracker.internal.outbox.FolderLock;
import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.internal.outbox.TaskWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The exit codes and output of steptrail ship. */
@Tag("slow")
class ShipIT extends SteptrailTestBase {
    @Test
    void ship_once_deliversAndPrintsCounts() throws Exception {
        write();

        Run run = run(aws.environment(), "ship", "--once", "--outbox", outbox.toString());

        assertThat(run)
                .isEqualTo(new Run(
                        0,
                        "shipped 2 records and 0 screenshots; 1 task completed; as sender" + System.lineSeparator(),
                        ""));
        assertThat(aws.records()).hasSize(2);
    }

    @Test
    void ship_once_countsAttachments() throws Exception {
        String step =
                "{\"v\":1,\"record\":\"step\",\"task_id\":\"" + TASK + "\",\"timestamp\":\"2026-03-01T10:00:00Z\","
                        + "\"step_number\":1,\"step_type\":\"action\",\"model_input\":\"" + "i".repeat(5000) + "\"}";
        try (TaskWriter writer = Outbox.open(outbox).newTask(TASK)) {
            writer.append(RecordCodec.decode(step.getBytes(StandardCharsets.UTF_8)));
        }

        Run run = run(aws.environment(), "ship", "--once", "--outbox", outbox.toString());

        assertThat(run.out()).startsWith("shipped 1 record, 0 screenshots and 1 attachment; 0 tasks completed");
    }

    @Test
    void ship_missingSetting_isNamedInOneLine() {
        Run run = run(aws.environment("STEPTRAIL_BUCKET", ""), "ship", "--once", "--outbox", outbox.toString());

        assertFailed(run, "steptrail: STEPTRAIL_BUCKET is not set");
    }

    @Test
    void ship_missingQueue_isNamedInOneLine() throws Exception {
        write();
        aws.deleteQueue();

        assertFailed(
                run(aws.environment(), "ship", "--once", "--outbox", outbox.toString()),
                "steptrail: STEPTRAIL_QUEUE_URL: the queue");
        assertThat(Outbox.open(outbox).tasks()).hasSize(1);
    }

    @Test
    void ship_whileAnotherShips_failsWithOneLine() throws Exception {
        try (FolderLock lock = Outbox.open(outbox).tryLock().orElseThrow()) {
            assertThat(lock).isNotNull();
            assertFailed(
                    run(aws.environment(), "ship", "--once", "--outbox", outbox.toString()),
                    "steptrail: the outbox " + outbox + " is being shipped by another process");
        }
    }

    @Test
    void ship_process_runsUntilStopped() throws Exception {
        write();
        ProcessBuilder builder = JavaProcess.of(Steptrail.class, "ship", "--outbox", outbox.toString());
        builder.environment().putAll(aws.environment());
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        Process process = builder.start();
        try {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (Files.exists(outbox.resolve(TASK.toString())) && System.nanoTime() < deadline) {
                Thread.sleep(50);
            }
            assertThat(Outbox.open(outbox).tasks()).isEmpty();
            process.destroy();

            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(Path.of("README.md")))
                    .contains("\nSuccessExitStatus=" + process.exitValue() + "\n");
            assertThat(Outbox.open(outbox).tryLock()).isPresent();
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(aws.records()).hasSize(2);
    }
}
