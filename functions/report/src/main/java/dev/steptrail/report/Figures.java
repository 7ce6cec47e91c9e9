package dev.steptrail.report;

import dev.steptrail.store.model.JsonFields;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The figures of a finding or suggestion by name. All are present, unless documented as optional. */
record Figures(Map<String, String> values) {
    /** @param object a JSON object, or null */
    static Figures of(@Nullable String object) {
        return new Figures(JsonFields.of(object));
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** Returns a text; empty if it is null. */
    String text(String name) {
        return Objects.requireNonNullElse(JsonFields.text(value(name)), "");
    }

    long number(String name) {
        return Long.parseLong(value(name));
    }

    String duration(String name) {
        return DisplayText.duration(number(name));
    }

    String percent(String name) {
        return DisplayText.percent(Double.valueOf(value(name)));
    }

    private String value(String name) {
        return Objects.requireNonNull(values.get(name), name);
    }
}
