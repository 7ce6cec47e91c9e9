package dev.steptrail.cli.lines;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.Losses;
import dev.steptrail.stepformat.Step;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.TaskEnded;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.UuidV7;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Makes records of lines. What a line leaves out is filled in; what it has wrong is left out, named in the record, and told.
 * Where nothing can stand in for that, the line is refused.
 */
final class LineParser {
    /** A line's own number beyond this is a mistake, and would leave none for the steps after it. */
    private static final int HIGHEST_NUMBER = 1_000_000_000;

    /** Names the fields that a line had wrong. */
    private static final String LEFT_OUT = "invalid_fields";

    private final Clock clock;
    private final Consumer<String> told;

    LineParser(Clock clock, Consumer<String> told) {
        this.clock = clock;
        this.told = told;
    }

    TaskStarted started(ObjectNode line) throws LineException {
        UUID made = UuidV7.at(clock.instant());
        return (TaskStarted) filtered(line, LineRecords.of("task_started", made, clock.instant()));
    }

    /**
     * @param task to which it belongs if it names no other
     * @param number that it gets if it has none
     */
    LineStep step(ObjectNode line, UUID task, int number) throws LineException {
        JsonNode pictures = line.remove("frames");
        if (line.path("step_number").asLong() > HIGHEST_NUMBER) {
            line.remove("step_number");
            told.accept("step_number: must be at most " + HIGHEST_NUMBER + ", so the next number is taken");
        }
        ObjectNode base = LineRecords.step(task, clock.instant(), number);
        return new LineStep((Step) filtered(line, base), base, pictures);
    }

    Losses losses(ObjectNode line, UUID task) throws LineException {
        return (Losses) filtered(line, LineRecords.of("losses", task, clock.instant()));
    }

    TaskEnded ended(ObjectNode line, UUID task, int lastNumber) throws LineException {
        ObjectNode base = LineRecords.of("task_ended", task, clock.instant()).put("last_step_number", lastNumber);
        // Nothing can stand in for it: how a task ended is what its report says first.
        base.set("status", line.path("status").isMissingNode() ? null : line.get("status"));
        return (TaskEnded) filtered(line, base);
    }

    /** Fills {@code base} with all that {@code line} has right. */
    private StepRecord filtered(ObjectNode line, ObjectNode base) throws LineException {
        boolean step = base.path("record").asText().equals("step");
        try {
            List<String> leftOut = new FieldFilter(LineJson::record, told).add(line, base);
            if (!leftOut.isEmpty()) {
                ArrayNode named = base.putArray(LEFT_OUT);
                leftOut.forEach(named::add);
            }
            return LineJson.record(base);
        } catch (InvalidRecordException e) {
            throw new LineException(String.valueOf(e.getMessage()), step);
        }
    }
}
