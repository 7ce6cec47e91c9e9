package dev.steptrail.stepformat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Copies parsed JSON with all its text made {@link StorableText storable}, and counts what was replaced. */
final class StorableValues {
    private long replaced;

    Map<String, @Nullable Object> copyOf(Map<?, ?> object) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>(object.size() * 2);
        object.forEach((key, value) -> copy.put(text((String) key), value(value)));
        return copy;
    }

    long replaced() {
        return replaced;
    }

    private @Nullable Object value(@Nullable Object value) {
        if (value instanceof String text) {
            return text(text);
        }
        if (value instanceof Map<?, ?> object) {
            return copyOf(object);
        }
        if (value instanceof List<?> elements) {
            List<@Nullable Object> copy = new ArrayList<>(elements.size());
            elements.forEach(element -> copy.add(value(element)));
            return copy;
        }
        return value;
    }

    private String text(String text) {
        int bad = StorableText.countReplaced(text);
        replaced += bad;
        return bad == 0 ? text : StorableText.of(text);
    }
}
