package dev.steptrail.cli.phone;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Describes actions in a few words. Their names and values are those of the model, and untrusted. */
final class ActionText {
    private static final int MAX_TEXT_LENGTH = 60;

    private ActionText() {}

    /** Returns the action and its values, such as {@code Tap 499,842} or {@code Launch app=Settings}. */
    static String of(Map<String, Object> action) {
        if ("finish".equals(action.get("_metadata"))) {
            return "finish";
        }
        String values = action.entrySet().stream()
                .filter(value ->
                        !value.getKey().equals("action") && !value.getKey().equals("_metadata"))
                .map(value -> value(value.getKey(), value.getValue()))
                .collect(Collectors.joining(" "));
        return (action.getOrDefault("action", "unknown action") + " " + values).strip();
    }

    private static String value(String name, Object value) {
        String text = value instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
                : String.valueOf(value);
        String shortened = text.codePointCount(0, text.length()) <= MAX_TEXT_LENGTH
                ? text
                : text.substring(0, text.offsetByCodePoints(0, MAX_TEXT_LENGTH)) + "…";
        return name.equals("element") ? shortened : name + "=" + shortened;
    }
}
