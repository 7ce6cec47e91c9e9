package dev.steptrail.store.model;

import dev.steptrail.stepformat.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Writes the JSON of columns. */
public final class JsonText {
    private JsonText() {}

    /** Returns JSON for a value that {@link RecordCodec#encodeValue} accepts, such as a map with string keys. */
    public static String of(Object value) {
        return new String(RecordCodec.encodeValue(value), StandardCharsets.UTF_8);
    }

    /** Returns JSON for an object with its fields sorted by name, so that equal objects have equal texts. */
    public static String sorted(Map<String, Object> object) {
        return of(new TreeMap<>(object));
    }
}
