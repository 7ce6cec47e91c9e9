package dev.steptrail.cli.autoglm;

import static dev.steptrail.cli.terminal.TextFormat.count;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Describes the records that were too large to be shipped. */
final class RejectedRecords {
    private RejectedRecords() {}

    /** Describes each distinct record in a file of rejected lines, such as {@code step 2 (301234 bytes)}. */
    static List<String> describe(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        return new String(Files.readAllBytes(file), UTF_8)
                .lines()
                .map(line -> line.getBytes(UTF_8))
                .map(json -> describe(json) + " (" + count(json.length, "byte") + ")")
                .distinct()
                .toList();
    }

    private static String describe(byte[] json) {
        try {
            StepRecord record = RecordCodec.decode(json);
            if (record instanceof Step step) {
                return "step " + step.stepNumber();
            }
            return record instanceof TaskStarted ? "the start" : record instanceof TaskEnded ? "the end" : "the losses";
        } catch (InvalidRecordException e) {
            return "a record";
        }
    }
}
