package dev.steptrail.tracker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Redacts the texts of one record, and the numbers in its objects, field by field; one on which the redactor fails is left out and named. Not thread-safe. */
final class TextRedaction {
    private final @Nullable UnaryOperator<String> redactor;
    private final List<String> withheld = new ArrayList<>();

    TextRedaction(@Nullable UnaryOperator<String> redactor) {
        this.redactor = redactor;
    }

    @Nullable
    String text(String field, @Nullable String text) {
        return (String) field(field, text);
    }

    /** The keys stay: they are the agent's words for what it tells. */
    @SuppressWarnings("unchecked") // a map is redacted to a map of the same keys
    @Nullable
    Map<String, Object> object(String field, @Nullable Map<String, Object> values) {
        return (Map<String, Object>) field(field, values);
    }

    /** The fields that are left out. */
    List<String> withheld() {
        return withheld;
    }

    private @Nullable Object field(String field, @Nullable Object value) {
        try {
            return redactor == null ? value : redacted(redactor, value);
        } catch (Throwable e) { // a foreign class's error costs the field that it was asked for, and nothing else
            withheld.add(field);
            return null;
        } finally {
            // A hook's own interrupt would close the file that is written next.
            Thread.interrupted();
        }
    }

    private static @Nullable Object redacted(UnaryOperator<String> redactor, @Nullable Object value) {
        if (value instanceof String text) {
            return redactor.apply(text);
        } else if (value instanceof List<?> list) {
            List<@Nullable Object> redacted = new ArrayList<>(list.size());
            list.forEach(element -> redacted.add(redacted(redactor, element)));
            return redacted;
        } else if (value instanceof Map<?, ?> map) {
            Map<Object, @Nullable Object> redacted = new LinkedHashMap<>();
            map.forEach((key, element) -> redacted.put(key, redacted(redactor, element)));
            return redacted;
        } else if (value instanceof Number) {
            // A telephone number is one, too.
            String text = value.toString();
            String redacted = redactor.apply(text);
            return text.equals(redacted) ? value : redacted;
        }
        return value;
    }
}
