package dev.steptrail.cli;

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

/** Describes the records of a delivered task that could not be shipped, which a shipper keeps in {@code rejected}. */
final class RejectedRecords {
    private RejectedRecords() {}

    /** Each record once, however often it was tried, such as {@code step 2 (301234 bytes)}. */
    static List<String> in(Path file) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        return new String(Files.readAllBytes(file), UTF_8)
                .lines()
                .map(line -> line.getBytes(UTF_8))
                .map(json -> kind(json) + " (" + json.length + " bytes)")
                .distinct()
                .toList();
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
