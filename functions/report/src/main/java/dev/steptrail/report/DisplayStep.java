package dev.steptrail.report;

import dev.steptrail.store.model.JsonFields;
import dev.steptrail.store.model.StoredStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Values of a step that a report derives from its JSON; empty if unknown.
 *
 * @param actionName the name in the action
 * @param action the action as JSON
 * @param actionText the action in short, such as {@code Tap element=499,842}
 * @param modelMs the time that the model took
 */
record DisplayStep(String actionName, String action, String actionText, String modelMs) {
    private static final Pattern SCALARS = Pattern.compile("\\[[^\\[\\]{}\"]*\\]");

    static DisplayStep of(StoredStep step) {
        Map<String, String> data = JsonFields.of(step.stepData());
        String action = present(data, "action");
        return new DisplayStep(
                name(action), action, actionText(action), present(fields(data.get("timings")), "model_ms"));
    }

    private static String name(String action) {
        Map<String, String> fields = fields(action);
        String name = present(fields, "action");
        return unquoted(name.isEmpty() ? present(fields, "_metadata") : name);
    }

    /** Returns an action in short, without fields that start with {@code _}; as JSON if it has no others. */
    static String actionText(String action) {
        List<String> words = new ArrayList<>();
        Map<String, String> fields = fields(action);
        String name = present(fields, "action");
        if (!name.isEmpty()) {
            words.add(unquoted(name));
        }
        fields.forEach((field, value) -> {
            if (!field.equals("action") && !field.startsWith("_")) {
                words.add(field + "=" + listed(unquoted(value)));
            }
        });
        return words.isEmpty() ? action : String.join(" ", words);
    }

    private static String listed(String json) {
        return SCALARS.matcher(json).matches()
                ? json.substring(1, json.length() - 1).replace(" ", "")
                : json;
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
