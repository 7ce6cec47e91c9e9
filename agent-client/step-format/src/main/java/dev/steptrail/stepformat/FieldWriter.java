package dev.steptrail.stepformat;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes single fields, leaving out those that are null or empty, with their text made {@link StorableText storable}. */
final class FieldWriter {
    /** Writes one element of an array. */
    interface Element<T> {
        void write(T element) throws IOException;
    }

    private final JsonGenerator json;
    private long replaced;

    FieldWriter(JsonGenerator json) {
        this.json = json;
    }

    void time(String field, @Nullable Instant time) throws IOException {
        if (time != null) {
            json.writeStringField(field, TimeText.of(time));
        }
    }

    void text(String field, @Nullable String text) throws IOException {
        if (text != null) {
            json.writeStringField(field, storable(text));
        }
    }

    void number(String field, @Nullable Integer number) throws IOException {
        if (number != null) {
            json.writeNumberField(field, number);
        }
    }

    void object(String field, Map<String, ?> object) throws IOException {
        if (!object.isEmpty()) {
            optionalObject(field, object);
        }
    }

    void optionalObject(String field, @Nullable Map<String, ?> object) throws IOException {
        if (object != null) {
            field(field, object);
        }
    }

    <T> void list(String field, List<T> elements, Element<T> writer) throws IOException {
        if (!elements.isEmpty()) {
            json.writeArrayFieldStart(field);
            for (T element : elements) {
                writer.write(element);
            }
            json.writeEndArray();
        }
    }

    void unknown(Map<String, Object> unknown) throws IOException {
        for (Map.Entry<String, Object> field : unknown.entrySet()) {
            field(field.getKey(), field.getValue());
        }
    }

    /** The mark goes last: only then is it known how many characters were replaced. */
    void unknownAndMark(Map<String, Object> unknown) throws IOException {
        for (Map.Entry<String, Object> field : unknown.entrySet()) {
            if (!field.getKey().equals(StorableText.MARK)) {
                field(field.getKey(), field.getValue());
            }
        }
        if (replaced > 0 || unknown.containsKey(StorableText.MARK)) {
            field(StorableText.MARK, StorableText.mark(unknown.get(StorableText.MARK), replaced));
        }
    }

    private void field(String name, @Nullable Object value) throws IOException {
        json.writeFieldName(storable(name));
        value(value);
    }

    private void value(@Nullable Object value) throws IOException {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof String text) {
            json.writeString(storable(text));
        } else if (value instanceof Integer number) {
            json.writeNumber(number);
        } else if (value instanceof Long number) {
            json.writeNumber(number);
        } else if (value instanceof Number number) {
            json.writeNumber(number.toString());
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (value instanceof Map<?, ?> object) {
            json.writeStartObject();
            for (Map.Entry<?, ?> field : object.entrySet()) {
                field((String) field.getKey(), field.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof Iterable<?> elements) {
            json.writeStartArray();
            for (Object element : elements) {
                value(element);
            }
            json.writeEndArray();
        } else {
            throw new IllegalArgumentException("no JSON value: " + value.getClass());
        }
    }

    private String storable(String text) {
        int bad = StorableText.countReplaced(text);
        replaced += bad;
        return bad == 0 ? text : StorableText.of(text);
    }
}
