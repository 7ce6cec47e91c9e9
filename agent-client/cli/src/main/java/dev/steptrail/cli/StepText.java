package dev.steptrail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;

/** Formats a step in a line: its action, such as {@code Tap element=499,842}, then its error, or else its thinking. */
final class StepText {
    private StepText() {}

    static String of(JsonNode step) {
        List<String> parts = new ArrayList<>();
        if (step.path("action").isObject()) {
            parts.add(action(step.path("action")));
        }
        JsonNode error = error(step);
        if (!error.isNull() && !error.isMissingNode()) {
            parts.add("error: " + JsonCell.line(error));
        } else if (step.path("thinking").isTextual()) {
            parts.add(JsonCell.line(step.path("thinking")));
        }
        return parts.isEmpty() ? "-" : String.join(" | ", parts);
    }

    /** Its own; if a failed step has none, the one of its result. */
    private static JsonNode error(JsonNode step) {
        if (step.path("error_message").isTextual()) {
            return step.path("error_message");
        }
        boolean failed =
                step.path("success").isBoolean() && !step.path("success").asBoolean();
        return failed ? step.path("action_result").path("message") : MissingNode.getInstance();
    }

    /** Fields that begin with {@code _} are internal to the agent. */
    private static String action(JsonNode action) {
        List<String> words = new ArrayList<>();
        if (action.path("action").isTextual()) {
            words.add(JsonCell.line(action.path("action")));
        }
        action.properties().forEach(field -> {
            if (!field.getKey().equals("action") && !field.getKey().startsWith("_")) {
                words.add(field.getKey() + "=" + JsonCell.line(field.getValue()));
            }
        });
        return String.join(" ", words);
    }
}
