package dev.steptrail.stepformat;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An unmodifiable JSON object that preserves the order of its fields. Its values have the types that {@link JsonValues}
 * describes.
 */
final class JsonObject extends AbstractMap<String, Object> {
    static final JsonObject EMPTY = new JsonObject(Collections.emptyMap());

    private final Map<String, Object> fields;

    private JsonObject(Map<String, Object> fields) {
        this.fields = Collections.unmodifiableMap(fields);
    }

    /** Returns an object with these fields. The caller must not change the map afterwards. */
    static JsonObject of(Map<String, Object> fields) {
        return fields.isEmpty() ? EMPTY : new JsonObject(fields);
    }

    /** Returns a copy in which one field is added or replaced. */
    JsonObject withField(String name, @Nullable Object value) {
        Map<String, Object> copy = new LinkedHashMap<>(fields);
        copy.put(name, value);
        return of(copy);
    }

    @Override
    public @Nullable Object get(@Nullable Object name) {
        return fields.get(name);
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return fields.containsKey(name);
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
        return fields.entrySet();
    }
}
