package dev.steptrail.store.model;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.steptrail.stepformat.Region;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes the same JSON text as Jackson's databind, without its serializer lookup for each value. */
public final class JsonText {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonText() {}

    /** Returns JSON for a value of a record: a map with string keys, list, region, string, number, boolean or null. */
    public static String of(Object value) {
        ByteArrayOutputStream text = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = JSON.createGenerator(text, JsonEncoding.UTF8)) {
            write(json, value);
        } catch (IOException e) {
            throw new UncheckedIOException("unexpected I/O error on an in-memory buffer", e);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    /** Returns JSON for an object with its fields sorted by name, so that equal objects have equal texts. */
    public static String sorted(Map<String, Object> object) {
        return of(new TreeMap<>(object));
    }

    private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
        if (value instanceof String text) {
            json.writeString(text);
        } else if (value instanceof Map<?, ?> object) {
            json.writeStartObject();
            for (Map.Entry<?, ?> field : object.entrySet()) {
                json.writeFieldName((String) field.getKey());
                write(json, field.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof Iterable<?> elements) {
            json.writeStartArray();
            for (Object element : elements) {
                write(json, element);
            }
            json.writeEndArray();
        } else if (value instanceof Region region) {
            json.writeStartObject();
            json.writeNumberField("x", region.x());
            json.writeNumberField("y", region.y());
            json.writeNumberField("width", region.width());
            json.writeNumberField("height", region.height());
            json.writeEndObject();
        } else {
            json.writePOJO(value); // without a codec: supports only numbers, booleans and null
        }
    }
}
