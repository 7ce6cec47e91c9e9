package dev.steptrail.store.model;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.steptrail.stepformat.Region;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What records hold, as JSON text: just as Jackson's databind writes it, which asks of each value anew how it is written. */
public final class JsonText {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonText() {}

    public static String of(Object value) {
        ByteArrayOutputStream text = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = JSON.createGenerator(text, JsonEncoding.UTF8)) {
            write(json, value);
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory cannot fail", e);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof String text) {
            json.writeString(text);
        } else if (value instanceof Number number) {
            write(json, number);
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
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
            write(json, region);
        } else {
            throw new IllegalArgumentException("no JSON value: " + value.getClass());
        }
    }

    private static void write(JsonGenerator json, Number number) throws IOException {
        if (number instanceof Integer whole) {
            json.writeNumber(whole);
        } else if (number instanceof Long whole) {
            json.writeNumber(whole);
        } else if (number instanceof BigInteger whole) {
            json.writeNumber(whole);
        } else if (number instanceof BigDecimal decimal) {
            json.writeNumber(decimal);
        } else {
            throw new IllegalArgumentException("no number of JSON: " + number.getClass());
        }
    }

    private static void write(JsonGenerator json, Region region) throws IOException {
        json.writeStartObject();
        json.writeNumberField("x", region.x());
        json.writeNumberField("y", region.y());
        json.writeNumberField("width", region.width());
        json.writeNumberField("height", region.height());
        json.writeEndObject();
    }
}
