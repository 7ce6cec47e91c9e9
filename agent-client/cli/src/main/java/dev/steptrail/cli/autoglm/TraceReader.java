package dev.steptrail.cli.autoglm;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.steptrail.stepformat.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the JSON of Open-AutoGLM's recorder: {@code {"metadata":{…},"steps":[…]}}. */
final class TraceReader {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private static final Set<String> METADATA =
            Set.of("task_name", "description", "created_at", "model_name", "device_id");
    private static final Set<String> STEP = Set.of(
            "step_number", "action_data", "thinking", "screenshot_path", "timestamp", "success", "error_message");

    private TraceReader() {}

    static Trace read(byte[] json) throws TraceException {
        JsonNode root = parsed(json);
        if (!root.path("metadata").isObject() || !root.path("steps").isArray()) {
            throw new TraceException(
                    "is no recording of Open-AutoGLM: it must have an object \"metadata\" and an array \"steps\"");
        }
        JsonNode metadata = root.get("metadata");
        Map<String, Object> more = rest(metadata, METADATA);
        more.values().removeIf(value -> value == null);
        return new Trace(
                text(metadata, "task_name", "metadata"),
                text(metadata, "description", "metadata"),
                time(metadata, "created_at", "metadata"),
                text(metadata, "model_name", "metadata"),
                text(metadata, "device_id", "metadata"),
                metadata.path("execution_time").isNumber()
                        ? metadata.get("execution_time").doubleValue()
                        : null,
                more,
                steps(root.get("steps")),
                Sha256.of(json));
    }

    private static JsonNode parsed(byte[] json) throws TraceException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json))
                    .toString();
            return JSON.readTree(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
        } catch (CharacterCodingException e) {
            throw new TraceException("is not UTF-8");
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            if (at == null) { // so it is where a limit is exceeded
                throw new TraceException("is JSON with more than can be read: " + firstLine(e.getOriginalMessage()));
            }
            throw new TraceException(
                    "is no JSON, or breaks off (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")");
        }
    }

    private static String firstLine(@Nullable String text) {
        return String.valueOf(text).lines().findFirst().orElse("");
    }

    private static List<TraceStep> steps(JsonNode steps) throws TraceException {
        List<TraceStep> read = new ArrayList<>();
        Set<Integer> numbers = new HashSet<>();
        for (JsonNode step : steps) {
            String at = "steps[" + read.size() + "]";
            JsonNode number = step.path("step_number");
            if (!number.isInt() || number.intValue() < 1) {
                throw new TraceException(at + ": step_number: must be a whole number of 1 or more");
            }
            if (!numbers.add(number.intValue())) {
                throw new TraceException(at + ": step_number: " + number + " comes twice");
            }
            read.add(step(step, number.intValue(), at));
        }
        return read;
    }

    private static TraceStep step(JsonNode step, int number, String at) throws TraceException {
        JsonNode action = step.path("action_data");
        if (!action.isObject() && !action.isNull() && !action.isMissingNode()) {
            throw new TraceException(at + ": action_data: must be an object");
        }
        JsonNode success = step.path("success");
        if (!success.isBoolean() && !success.isNull() && !success.isMissingNode()) {
            throw new TraceException(at + ": success: must be true or false");
        }
        Map<String, Object> more = rest(step, STEP);
        if (step.path("action_type").equals(action.path("action"))) {
            more.remove("action_type");
        }
        return new TraceStep(
                number,
                action.isObject() ? map(action) : null,
                text(step, "thinking", at),
                text(step, "screenshot_path", at),
                time(step, "timestamp", at),
                success.isBoolean() ? success.booleanValue() : null,
                text(step, "error_message", at),
                more);
    }

    private static @Nullable String text(JsonNode object, String field, String at) throws TraceException {
        JsonNode value = object.path(field);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw new TraceException(at + ": " + field + ": must be a string");
        }
        return value.textValue();
    }

    private static TraceTime time(JsonNode object, String field, String at) throws TraceException {
        String text = text(object, field, at);
        if (text == null) {
            throw new TraceException(at + ": " + field + ": is missing");
        }
        try {
            TraceTime time = TraceTime.parse(text);
            if (time.local().getYear() >= 1970 && time.local().getYear() < 9999) {
                return time;
            }
            throw new TraceException(at + ": " + field + ": must lie in the years 1970 to 9998");
        } catch (DateTimeException e) {
            throw new TraceException(at + ": " + field + ": must be an ISO 8601 time, like 2025-12-14T21:41:58.018843");
        }
    }

    private static Map<String, Object> rest(JsonNode object, Set<String> known) {
        Map<String, Object> rest = map(object);
        rest.keySet().removeAll(known);
        return rest;
    }

    private static Map<String, Object> map(JsonNode object) {
        return new LinkedHashMap<>(JSON.convertValue(object, new TypeReference<Map<String, Object>>() {}));
    }
}
