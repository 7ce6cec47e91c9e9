package dev.steptrail.store.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.steptrail.stepformat.RecordCodec;
import dev.steptrail.stepformat.UntrustedJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads and writes JSON columns. */
public final class JsonColumn {
    private static final JsonFactory FACTORY = UntrustedJson.factoryBuilder().build();

    /** Keeps all digits of numbers. */
    private static final JsonMapper TREES = JsonMapper.builder(FACTORY)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private JsonColumn() {}

    /** Returns the fields of a JSON object in document order, with their values as JSON; empty for null. */
    public static Map<String, String> fields(@Nullable String object) {
        Map<String, String> fields = new LinkedHashMap<>();
        if (object == null) {
            return fields;
        }
        try (JsonParser parser = FACTORY.createParser(object)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                int begin = (int) parser.currentTokenLocation().getCharOffset();
                parser.skipChildren();
                parser.finishToken();
                int end = (int) parser.currentLocation().getCharOffset();
                fields.put(name, object.substring(begin, end));
            }
            return fields;
        } catch (IOException e) {
            throw new UncheckedIOException("a json column must contain valid JSON", e);
        }
    }

    /** Parses any JSON; a missing node for null. */
    public static JsonNode tree(@Nullable String json) {
        try {
            return json == null ? MissingNode.getInstance() : TREES.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException("a json column must contain valid JSON", e);
        }
    }

    /** Converts a value as {@code ->>} does: a string without quotes, null for null, and any other JSON unchanged. */
    public static @Nullable String text(String json) {
        try (JsonParser parser = FACTORY.createParser(json)) {
            JsonToken token = parser.nextToken();
            return token == JsonToken.VALUE_NULL ? null : token == JsonToken.VALUE_STRING ? parser.getText() : json;
        } catch (IOException e) {
            throw new UncheckedIOException("a json column must contain valid JSON", e);
        }
    }

    /** Returns JSON for a value that {@link RecordCodec#encodeValue} accepts, such as a map with string keys. */
    public static String write(Object value) {
        return new String(RecordCodec.encodeValue(value), StandardCharsets.UTF_8);
    }

    /** Returns JSON for an object; null if it has no fields. */
    public static @Nullable String writeOrNull(Map<String, ?> object) {
        return object.isEmpty() ? null : write(object);
    }

    /** Returns JSON for an object with its fields sorted by name, so that equal objects have equal texts. */
    public static String writeSorted(Map<String, Object> object) {
        return write(new TreeMap<>(object));
    }
}
