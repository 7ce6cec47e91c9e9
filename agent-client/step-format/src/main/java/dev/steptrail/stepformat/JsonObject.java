package dev.steptrail.stepformat;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object whose values are all in the form of {@link JsonValues}. Unmodifiable, so whoever is handed one need not
 * copy it again.
 */
final class JsonObject extends AbstractMap<String, Object> {
    static final JsonObject EMPTY = new JsonObject(Map.of());

    private final Map<String, Object> fields;

    private JsonObject(Map<String, Object> fields) {
        this.fields = fields;
    }

    /** An object of {@code fields}, each in that form already; the caller changes the map no more. */
    static JsonObject of(Map<String, @Nullable Object> fields) {
        if (fields.isEmpty()) {
            return EMPTY;
        }
        if (fields.size() > 1) {
            return new JsonObject(Collections.unmodifiableMap(fields));
        }
        Entry<String, Object> only = fields.entrySet().iterator().next();
        return new JsonObject(Collections.singletonMap(only.getKey(), only.getValue()));
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
        return fields.entrySet();
    }

    @Override
    public @Nullable Object get(@Nullable Object name) {
        return fields.get(name);
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return fields.containsKey(name);
    }
}
