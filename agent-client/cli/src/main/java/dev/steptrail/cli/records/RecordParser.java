package dev.steptrail.cli.records;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.steptrail.cli.terminal.Terminal;
import dev.steptrail.stepformat.Frame;
import dev.steptrail.stepformat.InvalidRecordException;
import dev.steptrail.stepformat.JsonValues;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.StepRecord;
import dev.steptrail.stepformat.StepType;
import dev.steptrail.stepformat.TaskStarted;
import dev.steptrail.stepformat.UuidV7;
import dev.steptrail.stepformat.Verdict;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
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
 * Parses JSON of other programs into records. Numbers are preserved exactly as written. In lines, missing fields get
 * defaults; invalid fields are omitted, reported, and listed in the record's {@code invalid_fields}; a line without a
 * required field that has no default is rejected.
 *
 * @param problems receives a line for each field that is omitted
 */
record RecordParser(Clock clock, Consumer<String> problems) {
    /** Higher step numbers are assumed to be mistakes. They would leave no numbers for later steps. */
    private static final int MAX_STEP_NUMBER = 1_000_000_000;

    /** Above Jackson's defaults, because {@link LineInput} limits lines and {@link RecordCodec} limits records. */
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

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private static final int MAX_PRINTED_WIDTH = 60;

    /**
     * A parsed record. The frames of a step are not in {@code record} and {@code json}.
     *
     * @param json the record as JSON
     * @param frames the {@code frames} of a step's line; null if it has none
     */
    record Parsed(
            StepRecord record, ObjectNode json, @Nullable JsonNode frames) {}

    static ObjectNode parseObject(String line) throws InvalidInputException {
        try {
            if (JSON.readTree(line) instanceof ObjectNode json) {
                return json;
            }
        } catch (StreamConstraintsException e) {
            throw new InvalidInputException(
                    "the line is nested too deeply, or contains a name or number that is too long", true);
        } catch (JsonProcessingException e) {
            // The message of the exception is not used, because it quotes the line.
            throw new InvalidInputException("the line is not valid JSON", true);
        }
        throw new InvalidInputException("the line is not a JSON object", true);
    }

    /** Parses a file in UTF-8, with or without a byte order mark. */
    static JsonNode parseFile(byte[] file) throws InvalidInputException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(file))
                    .toString();
            return JSON.readTree(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
        } catch (CharacterCodingException e) {
            throw new InvalidInputException("is not UTF-8");
        } catch (StreamConstraintsException e) {
            throw new InvalidInputException("is JSON that exceeds a limit of the parser: "
                    + e.getOriginalMessage().lines().findFirst().orElse(""));
        } catch (JsonProcessingException e) {
            JsonLocation location = e.getLocation();
            throw new InvalidInputException("is not valid JSON, or is truncated (line " + location.getLineNr()
                    + ", column " + location.getColumnNr() + ")");
        }
    }

    /**
     * Returns a copy of an object whose values a record can contain: values that are too deep or too long are truncated
     * or become strings. Empty if it is not an object.
     */
    static ObjectNode normalize(JsonNode object) {
        Map<String, Object> fields = object.isObject() ? JSON.convertValue(object, new TypeReference<>() {}) : Map.of();
        return JSON.valueToTree(JsonValues.copyOf(fields));
    }

    static ObjectNode toJson(Frame frame) {
        return JSON.createObjectNode()
                .put("role", frame.role().wireName())
                .put("file", frame.file())
                .put("width", frame.width())
                .put("height", frame.height())
                .put("sensitive", frame.sensitive());
    }

    TaskStarted parseStart(ObjectNode line) throws InvalidInputException {
        return (TaskStarted)
                addFieldsAndDecode(line, createDefaults("task_started", UuidV7.at(clock.instant()), clock.instant()));
    }

    /**
     * Parses a verdict.
     *
     * @param task the judged task if the line does not name one; null if it must
     */
    Verdict parseVerdict(ObjectNode line, @Nullable UUID task) throws InvalidInputException {
        if (task == null && !line.hasNonNull("task_id")) {
            throw new InvalidInputException("task_id: is required, because no task was started", false);
        }
        ObjectNode json = createDefaults("verdict", task == null ? new UUID(0, 0) : task, clock.instant());
        // These fields have no valid default. An invalid task id must not become a verdict on another task.
        for (String field : List.of("task_id", "name", "value", "evaluator")) {
            if (line.hasNonNull(field)) {
                json.set(field, line.get(field));
            }
        }
        return (Verdict) addFieldsAndDecode(line, json);
    }

    /** Parses a record of an open task: a step gets the number after {@code lastNumber} unless the line has one. */
    Parsed parse(ObjectNode line, UUID task, int lastNumber) throws InvalidInputException {
        String kind = line.path("record").asText();
        ObjectNode json = createDefaults(kind, task, clock.instant());
        JsonNode frames = null;
        if (kind.equals("step")) {
            frames = line.remove("frames");
            if (line.path("step_number").asLong() > MAX_STEP_NUMBER) {
                problems.accept(withValue("step_number: must be at most " + MAX_STEP_NUMBER, line)
                        + "; the next number is used");
                line.remove("step_number");
            }
            json.put("step_number", lastNumber + 1).put("step_type", StepType.ACTION);
        } else if (kind.equals("task_ended")) {
            json.put("last_step_number", lastNumber);
            // A missing status is not replaced by a default, because reports depend on it.
            json.set("status", line.path("status").isMissingNode() ? null : line.get("status"));
        }
        return new Parsed(addFieldsAndDecode(line, json), json, frames);
    }

    static ObjectNode createDefaults(String kind, UUID task, Instant now) {
        return JSON.createObjectNode()
                .put("v", StepRecord.VERSION)
                .put("record", kind)
                .put("task_id", task.toString())
                .put("timestamp", now.toString());
    }

    /** Adds the valid fields of {@code line} to {@code json}, which contains defaults, and decodes {@code json}. */
    private StepRecord addFieldsAndDecode(ObjectNode line, ObjectNode json) throws InvalidInputException {
        try {
            List<String> omitted = addValidFields(line, json, problems);
            if (!omitted.isEmpty()) {
                omitted.forEach(json.putArray("invalid_fields")::add);
            }
            return decode(json);
        } catch (InvalidRecordException e) {
            String kind = json.path("record").asText();
            String outcome = kind.equals("task_ended") ? "; task_ended is not recorded, and the task stays open" : "";
            throw new InvalidInputException(withValue(e.reason(), json) + outcome, kind.equals("step"));
        }
    }

    /** Adds the valid fields of {@code input} to a frame, replacing existing fields. */
    void addValidFrameFields(ObjectNode input, ObjectNode frame) {
        try {
            addValidFields(input, frame, problems, json -> {
                ObjectNode step = createDefaults("step", new UUID(0, 0), Instant.EPOCH)
                        .put("step_number", 1)
                        .put("step_type", StepType.ACTION);
                step.putArray("frames").add(json);
                return step;
            });
        } catch (InvalidRecordException e) {
            throw new IllegalStateException("the record of a frame in the outbox is invalid", e);
        }
    }

    /**
     * Adds the valid fields of {@code input} to a record. Validity is tested by decoding, because only
     * {@link RecordCodec} implements the rules.
     *
     * @param problems receives a line for each field that is omitted
     * @return the names of the omitted fields
     * @throws InvalidRecordException if {@code record} itself is not valid
     */
    static List<String> addValidFields(ObjectNode input, ObjectNode record, Consumer<String> problems)
            throws InvalidRecordException {
        return addValidFields(input, record, problems, UnaryOperator.identity());
    }

    /** @param toRecord returns a record that contains the object */
    private static List<String> addValidFields(
            ObjectNode input, ObjectNode target, Consumer<String> problems, UnaryOperator<ObjectNode> toRecord)
            throws InvalidRecordException {
        ObjectNode merged = target.deepCopy();
        for (Map.Entry<String, JsonNode> field : input.properties()) {
            if (!(field.getValue().isNull() && target.has(field.getKey()))) {
                merged.set(field.getKey(), field.getValue());
            }
        }
        List<String> invalid = new ArrayList<>();
        try {
            decode(toRecord.apply(merged));
        } catch (InvalidRecordException e) {
            decode(toRecord.apply(target));
            for (Map.Entry<String, JsonNode> field : merged.properties()) {
                ObjectNode candidate = toRecord.apply(target.deepCopy().set(field.getKey(), field.getValue()));
                try {
                    decode(candidate);
                } catch (InvalidRecordException invalidField) {
                    invalid.add(field.getKey());
                    problems.accept(
                            "field " + field.getKey() + " is omitted: " + withValue(invalidField.reason(), candidate));
                }
            }
        }
        merged.remove(invalid);
        target.setAll(merged);
        return invalid;
    }

    /**
     * Adds the invalid value to the reason, which begins with the path of the field, such as {@code frames[0].role:}.
     * An object is not added, nor is a text in place of one: it may contain what the agent typed.
     */
    static String withValue(String reason, ObjectNode json) {
        String path = reason.replaceFirst(":.*", "").replaceAll("[.\\[]", "/").replace("]", "");
        JsonNode value = json.at("/" + path);
        boolean isPrintable = value.isValueNode() && !value.isNull() && !reason.endsWith("must be an object");
        return isPrintable ? reason + ", but is " + Terminal.truncate(value.toString(), MAX_PRINTED_WIDTH) : reason;
    }

    static StepRecord decode(ObjectNode json) throws InvalidRecordException {
        try {
            return RecordCodec.decode(JSON.writeValueAsBytes(json));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
