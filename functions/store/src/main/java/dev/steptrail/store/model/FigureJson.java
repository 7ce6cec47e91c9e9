package dev.steptrail.store.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the rules say of what they found, as JSON. */
public final class FigureJson {
    private static final JsonFactory JSON = new JsonFactory();

    private FigureJson() {}

    /** An object, in the order of the names, so that the same is written the same. */
    public static String of(Map<String, Object> figures) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            for (Map.Entry<String, Object> figure : new TreeMap<>(figures).entrySet()) {
                json.writeFieldName(figure.getKey());
                if (figure.getValue() instanceof List<?> texts) {
                    json.writeStartArray();
                    for (Object each : texts) {
                        json.writeObject(each);
                    }
                    json.writeEndArray();
                } else {
                    json.writeObject(figure.getValue());
                }
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
