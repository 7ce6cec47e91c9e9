package dev.steptrail.report;

import dev.steptrail.store.JsonFields;
import dev.steptrail.store.StoredStep;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a report shows of a step beside its columns; empty text where it tells nothing.
 *
 * @param actionName what its action calls itself
 * @param action its JSON
 * @param modelMs how long the model took
 */
record ShownStep(String actionName, String action, String modelMs) {
    static ShownStep of(StoredStep step) {
        Map<String, String> data = JsonFields.of(step.stepData());
        String action = present(data, "action");
        return new ShownStep(name(action), action, present(fields(data.get("timings")), "model_ms"));
    }

    private static String name(String action) {
        Map<String, String> fields = fields(action);
        String name = present(fields, "action");
        return unquoted(name.isEmpty() ? present(fields, "_metadata") : name);
    }

    private static String unquoted(String json) {
        return json.startsWith("\"") && json.indexOf('\\') < 0 ? json.substring(1, json.length() - 1) : json;
    }

    private static String present(Map<String, String> fields, String name) {
        String value = fields.getOrDefault(name, "");
        return value.equals("null") ? "" : value;
    }

    private static Map<String, String> fields(@Nullable String json) {
        return json != null && json.startsWith("{") ? JsonFields.of(json) : Map.of();
    }
}
