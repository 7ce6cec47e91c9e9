package dev.steptrail.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.tracker.outbox.Outbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/** The records of a delivered task that could not be shipped, as the shipper, of whatever process, keeps them. */
final class RejectedRecords {
    private final Path file;

    RejectedRecords(Outbox outbox, UUID taskId) {
        this.file = outbox.folder().resolve("rejected").resolve(taskId + ".jsonl");
    }

    Path file() {
        return file;
    }

    /** What each is, once for all the times that it was tried, such as {@code step 2 (301234 bytes)}. */
    List<String> told() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        return new String(Files.readAllBytes(file), UTF_8)
                .lines()
                .map(RejectedRecords::told)
                .distinct()
                .toList();
    }

    private static String told(String line) {
        byte[] json = line.getBytes(UTF_8);
        return kind(json) + " (" + json.length + " bytes)";
    }

    private static String kind(byte[] json) {
        try {
            StepRecord record = RecordCodec.decode(json);
            if (record instanceof Step step) {
                return "step " + step.stepNumber();
            }
            return record instanceof TaskStarted
                    ? "its beginning"
                    : record instanceof TaskEnded ? "its end" : "its losses";
        } catch (InvalidRecordException e) {
            return "a record";
        }
    }
}
