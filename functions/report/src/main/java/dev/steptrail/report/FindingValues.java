package dev.steptrail.report;

import dev.steptrail.store.model.JsonColumn;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The figures of a finding, suggestion or expectation by name. Methods throw if a figure is missing. */
record FindingValues(Map<String, String> values) {
    /** @param json a JSON object, or null */
    static FindingValues parse(@Nullable String json) {
        return new FindingValues(JsonColumn.fields(json));
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** Returns a string; empty if the figure is null. */
    String text(String name) {
        return Objects.requireNonNullElse(JsonColumn.text(value(name)), "");
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
