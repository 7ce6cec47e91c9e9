package dev.steptrail.shipper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;

import dev.steptrail.shipper.fixture.LocalAws;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskRecords;
import dev.steptrail.tracker.internal.outbox.Outbox;
import dev.steptrail.tracker.internal.outbox.TaskWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The base of tests that ship an outbox to real SQS and S3 servers. */
abstract class LocalAwsTestBase {
    @TempDir
    Path folder;

    final LocalAws aws = place();
    final TaskRecords task = TaskRecords.newTask();
    Outbox outbox;

    /** The servers to ship to. */
    LocalAws place() {
        return new LocalAws();
    }

    @BeforeEach
    void openOutbox() throws IOException {
        outbox = Outbox.open(folder.resolve("outbox"));
    }

    void write(StepRecord... records) throws IOException {
        write(task, records);
    }

    void write(TaskRecords task, StepRecord... records) throws IOException {
        try (TaskWriter writer = outbox.newTask(task.task())) {
            for (StepRecord record : records) {
                writer.append(record);
            }
        }
    }

    void appendLine(StepRecord record) throws IOException {
        Files.writeString(steps(), new String(RecordCodec.encode(record), UTF_8) + "\n", APPEND);
    }

    Path steps() {
        return steps(task);
    }

    Path steps(TaskRecords task) {
        return outbox.folder().resolve(task.task().toString()).resolve("steps.jsonl");
    }

    ShipCounts ship() throws IOException, ShipException {
        return ship(aws.environment());
    }

    ShipCounts ship(Map<String, String> environment) throws IOException, ShipException {
        try (Shipper shipper = open(environment)) {
            shipper.shipAll();
            return shipper.counts();
        }
    }

    ShipCounts ship(Instant now) throws IOException, ShipException {
        try (Shipper shipper = open(Clock.fixed(now, ZoneOffset.UTC))) {
            shipper.shipAll();
            return shipper.counts();
        }
    }

    Shipper open(Clock clock) throws IOException, ShipException {
        return Shipper.open(outbox, ShipperSettings.from(aws.environment()), clock)
                .orElseThrow();
    }

    Shipper open(Map<String, String> environment) throws IOException, ShipException {
        return Shipper.open(outbox, ShipperSettings.from(environment)).orElseThrow();
    }

    /** Random text that does not become smaller by gzip and base64. */
    static String noise(int length) {
        StringBuilder noise = new StringBuilder(length);
        new Random(7).ints(length, ' ', '~').forEach(c -> noise.append((char) c));
        return noise.toString();
    }
}
