package dev.steptrail.report;

import dev.steptrail.store.model.JsonColumn;
import dev.steptrail.store.model.StoredStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Values that a report derives from a step's JSON. Empty strings if unknown.
 *
 * @param actionName the action's name, such as {@code Tap}
 * @param action the action as JSON
 * @param actionText the action in short form, such as {@code Tap element=499,842}
 * @param modelMs the model's response time
 */
record DisplayStep(String actionName, String action, String actionText, String modelMs) {
    /** A JSON array without strings, arrays and objects. */
    private static final Pattern SCALAR_ARRAY = Pattern.compile("\\[[^\\[\\]{}\"]*\\]");

    static DisplayStep of(StoredStep step) {
        Map<String, String> data = JsonColumn.fields(step.stepData());
        String action = value(data, "action");
        return new DisplayStep(
                actionName(action), action, actionText(action), value(fields(data.get("timings")), "model_ms"));
    }

    private static String actionName(String action) {
        Map<String, String> fields = fields(action);
        String name = value(fields, "action");
        return unquote(name.isEmpty() ? value(fields, "_metadata") : name);
    }

    /** Returns an action in short form, without fields that start with {@code _}; as JSON if it has no other fields. */
    static String actionText(String action) {
        List<String> words = new ArrayList<>();
        Map<String, String> fields = fields(action);
        String name = value(fields, "action");
        if (!name.isEmpty()) {
            words.add(unquote(name));
        }
        fields.forEach((field, value) -> {
            if (!field.equals("action") && !field.startsWith("_")) {
                words.add(field + "=" + removeBrackets(unquote(value)));
            }
        });
        return words.isEmpty() ? action : String.join(" ", words);
    }

    private static String removeBrackets(String json) {
        return SCALAR_ARRAY.matcher(json).matches()
                ? json.substring(1, json.length() - 1).replace(" ", "")
                : json;
    }

    private static String unquote(String json) {
        return json.startsWith("\"") && json.indexOf('\\') < 0 ? json.substring(1, json.length() - 1) : json;
    }

    /** Returns the value of a field; empty if it is missing or null. */
    private static String value(Map<String, String> fields, String name) {
        String value = fields.getOrDefault(name, "");
        return value.equals("null") ? "" : value;
    }

    private static Map<String, String> fields(@Nullable String json) {
        return json != null && json.startsWith("{") ? JsonColumn.fields(json) : Map.of();
    }
}
