package dev.steptrail.cli.autoglm;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the JSON of a recording. Errors name the field and the rule. */
final class RecordingJson {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private RecordingJson() {}

    /** Parses UTF-8, with or without a byte order mark. */
    static JsonNode parse(byte[] file) throws InvalidRecordingException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(file))
                    .toString();
            return JSON.readTree(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
        } catch (CharacterCodingException e) {
            throw new InvalidRecordingException("is not UTF-8");
        } catch (JsonProcessingException e) {
            JsonLocation location = e.getLocation();
            if (location == null) { // the parser's limits were exceeded
                String limit = String.valueOf(e.getOriginalMessage())
                        .lines()
                        .findFirst()
                        .orElse("");
                throw new InvalidRecordingException("is JSON that exceeds a limit of the parser: " + limit);
            }
            throw new InvalidRecordingException("is not valid JSON, or is truncated (line " + location.getLineNr()
                    + ", column " + location.getColumnNr() + ")");
        }
    }

    static boolean isMissing(JsonNode value) {
        return value.isNull() || value.isMissingNode();
    }

    static void require(boolean condition, String path, String rule) throws InvalidRecordingException {
        if (!condition) {
            throw new InvalidRecordingException(path + ": " + rule);
        }
    }

    /** Returns a string; null if it is missing or null. */
    static @Nullable String text(JsonNode object, String field, String path) throws InvalidRecordingException {
        JsonNode value = object.path(field);
        require(value.isTextual() || isMissing(value), path, field + ": must be a string");
        return value.textValue();
    }

    /** Parses ISO 8601 with an offset or, as Python's {@code datetime.now().isoformat()} writes it, without one. */
    static Instant time(JsonNode object, String field, String path, ZoneId zone) throws InvalidRecordingException {
        String text = text(object, field, path);
        if (text == null) {
            throw new InvalidRecordingException(path + ": " + field + ": is missing");
        }
        try {
            TemporalAccessor time =
                    DateTimeFormatter.ISO_DATE_TIME.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
            int year = time.get(ChronoField.YEAR);
            require(year >= 1970 && year < 9999, path, field + ": must be in the years 1970 to 9998");
            return time instanceof OffsetDateTime zoned
                    ? zoned.toInstant()
                    : ((LocalDateTime) time).atZone(zone).toInstant();
        } catch (DateTimeException e) {
            throw new InvalidRecordingException(
                    path + ": " + field + ": must be an ISO 8601 time, such as 2025-12-14T21:41:58.018843");
        }
    }

    /** Returns the fields other than these. */
    static Map<String, Object> extraFields(JsonNode object, Set<String> knownFields) {
        Map<String, Object> extra = toMap(object);
        extra.keySet().removeAll(knownFields);
        return extra;
    }

    static Map<String, Object> toMap(JsonNode object) {
        return new LinkedHashMap<>(JSON.convertValue(object, new TypeReference<Map<String, Object>>() {}));
    }
}
