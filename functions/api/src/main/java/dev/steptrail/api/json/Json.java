package dev.steptrail.api.json;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes JSON as it goes. What the database keeps as JSON passes through as it is, character for character. */
public final class Json {
    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8) // as they are, and not escaped
            .build();

    /** Writes one value. */
    public interface Value {
        void write(JsonGenerator json) throws IOException;
    }

    /** Writes the fields of an object. */
    public interface Fields<T> {
        void write(JsonGenerator json, T value) throws IOException;
    }

    private Json() {}

    /** Returns an object of these fields, in UTF-8. */
    public static byte[] object(Value fields) {
        return of(json -> {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        });
    }

    /** In UTF-8, by way of characters: a text may end with half of one. */
    public static byte[] of(Value value) {
        return text(value).getBytes(StandardCharsets.UTF_8);
    }

    public static String text(Value value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            value.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory cannot fail", e);
        }
        return text.toString();
    }

    /**
     * In UTF-8.
     *
     * @param value of whole characters, as the database has them
     */
    static byte[] of(JsonBuffer buffer, Value value) {
        try (JsonGenerator json = FACTORY.createGenerator(buffer, JsonEncoding.UTF8)) {
            value.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory cannot fail", e);
        }
        return buffer.toByteArray();
    }

    public static void text(JsonGenerator json, String field, @Nullable Object value) throws IOException {
        json.writeStringField(field, value == null ? null : value.toString());
    }

    public static void time(JsonGenerator json, String field, @Nullable Instant time) throws IOException {
        text(json, field, time);
    }

    /** A whole one. */
    public static void number(JsonGenerator json, String field, @Nullable Number number) throws IOException {
        if (number == null) {
            json.writeNullField(field);
        } else {
            json.writeNumberField(field, number.longValue());
        }
    }

    /** To three places. */
    public static void rounded(JsonGenerator json, String field, @Nullable Double number) throws IOException {
        if (number == null) {
            json.writeNullField(field);
        } else {
            json.writeNumberField(field, Math.round(number * 1000) / 1000.0);
        }
    }

    public static void flag(JsonGenerator json, String field, @Nullable Boolean flag) throws IOException {
        if (flag == null) {
            json.writeNullField(field);
        } else {
            json.writeBooleanField(field, flag);
        }
    }

    /** Writes a value that is JSON already, or null. */
    public static void raw(JsonGenerator json, String field, @Nullable String raw) throws IOException {
        json.writeFieldName(field);
        if (raw == null) {
            json.writeNull();
        } else {
            json.writeRawValue(raw);
        }
    }

    /** Writes the fields that have none of these names. */
    public static void others(JsonGenerator json, Map<String, String> fields, Set<String> names) throws IOException {
        for (Map.Entry<String, String> field : fields.entrySet()) {
            if (!names.contains(field.getKey())) {
                raw(json, field.getKey(), field.getValue());
            }
        }
    }
}
