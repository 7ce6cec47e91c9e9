package dev.steptrail.report;

import dev.steptrail.store.model.JsonFields;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How much there is of what was found, by name. Each kind has its own; of these the rules give all, unless it is said that one may be absent. */
record Figures(Map<String, String> values) {
    /** @param object JSON */
    static Figures of(@Nullable String object) {
        return new Figures(JsonFields.of(object));
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** Empty for null. */
    String text(String name) {
        return Objects.requireNonNullElse(JsonFields.text(value(name)), "");
    }

    long number(String name) {
        return Long.parseLong(value(name));
    }

    String duration(String name) {
        return Shown.duration(number(name));
    }

    String percent(String name) {
        return Shown.percent(Double.valueOf(value(name)));
    }

    private String value(String name) {
        return Objects.requireNonNull(values.get(name), name);
    }
}
