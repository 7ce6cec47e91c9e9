package dev.steptrail.cli.lines;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.StepType;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.UuidV7;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Parses lines of JSON into records. Missing fields get defaults. Invalid fields are omitted, reported, and listed in
 * the record's {@code invalid_fields}. A line without a required field that has no default is rejected. Numbers are
 * preserved exactly as written.
 */
final class LineParser {
    /** A larger step number is a mistake, and would leave no numbers for later steps. */
    private static final int MAX_STEP_NUMBER = 1_000_000_000;

    /** Lines are limited by {@link LineInput}, and records by their codec. */
    private static final StreamReadConstraints CONSTRAINTS = StreamReadConstraints.builder()
            .maxStringLength(LineInput.MAX_LINE_BYTES)
            .maxNumberLength(10_000)
            .build();

    private static final ObjectMapper JSON = JsonMapper.builder(
                    JsonFactory.builder().streamReadConstraints(CONSTRAINTS).build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final Clock clock;
    private final Consumer<String> problems;

    /** @param problems receives a line for each field that is omitted */
    LineParser(Clock clock, Consumer<String> problems) {
        this.clock = clock;
        this.problems = problems;
    }

    /**
     * A record. A step does not contain its pictures.
     *
     * @param json the record as JSON
     * @param pictures a step's {@code frames}; null if it has none
     */
    record Parsed(
            StepRecord record, ObjectNode json, @Nullable JsonNode pictures) {}

    static ObjectNode object(String line) throws LineException {
        try {
            if (JSON.readTree(line) instanceof ObjectNode json) {
                return json;
            }
        } catch (StreamConstraintsException e) {
            throw new LineException(
                    "the line is nested too deeply, or contains a name or number that is too long", true);
        } catch (JsonProcessingException e) {
            // Not the exception's own message, because it quotes the line.
            throw new LineException("the line is not valid JSON", true);
        }
        throw new LineException("the line is not a JSON object", true);
    }

    TaskStarted started(ObjectNode line) throws LineException {
        return (TaskStarted) filtered(line, base("task_started", UuidV7.at(clock.instant()), clock.instant()));
    }

    /** Parses a record of an open task: a step gets the number after {@code lastNumber} unless the line has one. */
    Parsed parse(ObjectNode line, UUID task, int lastNumber) throws LineException {
        String kind = line.path("record").asText();
        ObjectNode base = base(kind, task, clock.instant());
        JsonNode pictures = null;
        if (kind.equals("step")) {
            pictures = line.remove("frames");
            if (line.path("step_number").asLong() > MAX_STEP_NUMBER) {
                line.remove("step_number");
                problems.accept("step_number: must be at most " + MAX_STEP_NUMBER + "; the next number is used");
            }
            base.put("step_number", lastNumber + 1).put("step_type", StepType.ACTION);
        } else if (kind.equals("task_ended")) {
            base.put("last_step_number", lastNumber);
            // Required, because a report starts with the task's status.
            base.set("status", line.path("status").isMissingNode() ? null : line.get("status"));
        }
        return new Parsed(filtered(line, base), base, pictures);
    }

    private static ObjectNode base(String kind, UUID task, Instant now) {
        return JSON.createObjectNode()
                .put("v", StepRecord.VERSION)
                .put("record", kind)
                .put("task_id", task.toString())
                .put("timestamp", now.toString());
    }

    /** Fills {@code base} with the valid fields of {@code line}. */
    private StepRecord filtered(ObjectNode line, ObjectNode base) throws LineException {
        try {
            List<String> leftOut = addValidFields(line, base, UnaryOperator.identity());
            if (!leftOut.isEmpty()) {
                leftOut.forEach(base.putArray("invalid_fields")::add);
            }
            return record(base);
        } catch (InvalidRecordException e) {
            String kind = base.path("record").asText();
            String outcome = kind.equals("task_ended") ? "; this end is not recorded, and the task stays open" : "";
            throw new LineException(e.getMessage() + outcome, kind.equals("step"));
        }
    }

    /** Adds the valid fields of {@code given} to a frame, replacing existing ones. */
    void addValidFrameFields(ObjectNode given, ObjectNode frame) {
        try {
            addValidFields(given, frame, json -> {
                ObjectNode step = base("step", new UUID(0, 0), Instant.EPOCH)
                        .put("step_number", 1)
                        .put("step_type", StepType.ACTION);
                step.putArray("frames").add(json);
                return step;
            });
        } catch (InvalidRecordException e) {
            throw new IllegalStateException("a frame that was written is valid", e);
        }
    }

    /**
     * Adds the valid fields of {@code given} to {@code base}. Validity is tested by decoding, because only the step
     * format knows the rules.
     *
     * @param inRecord returns a record that contains the object
     * @return the names of the omitted fields
     * @throws InvalidRecordException if {@code base} itself is not valid
     */
    private List<String> addValidFields(ObjectNode given, ObjectNode base, UnaryOperator<ObjectNode> inRecord)
            throws InvalidRecordException {
        ObjectNode whole = base.deepCopy();
        for (Map.Entry<String, JsonNode> field : given.properties()) {
            if (!(field.getValue().isNull() && base.has(field.getKey()))) {
                whole.set(field.getKey(), field.getValue());
            }
        }
        List<String> invalid = new ArrayList<>();
        try {
            record(inRecord.apply(whole));
        } catch (InvalidRecordException some) {
            record(inRecord.apply(base));
            for (Map.Entry<String, JsonNode> field : whole.properties()) {
                ObjectNode tried = base.deepCopy().set(field.getKey(), field.getValue());
                try {
                    record(inRecord.apply(tried));
                } catch (InvalidRecordException e) {
                    invalid.add(field.getKey());
                    problems.accept("field " + field.getKey() + " is omitted: " + e.getMessage());
                }
            }
        }
        whole.remove(invalid);
        base.setAll(whole);
        return invalid;
    }

    static StepRecord record(ObjectNode json) throws InvalidRecordException {
        try {
            return RecordCodec.decode(JSON.writeValueAsBytes(json));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree in memory is JSON", e);
        }
    }
}
