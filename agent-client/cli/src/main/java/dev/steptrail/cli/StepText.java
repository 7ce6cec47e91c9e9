package dev.steptrail.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;

/** What happened in a step, in a line: its action, such as {@code Tap element=499,842}, then its error, else its thinking. */
final class StepText {
    private StepText() {}

    static String of(JsonNode step) {
        List<String> parts = new ArrayList<>();
        if (step.path("action").isObject()) {
            parts.add(action(step.path("action")));
        }
        String error = error(step);
        if (!error.isEmpty()) {
            parts.add("error: " + error);
        } else if (step.path("thinking").isTextual()) {
            parts.add(JsonCell.line(step.path("thinking")));
        }
        return parts.isEmpty() ? "-" : String.join(" | ", parts);
    }

    /** Its own; where a failed step has none, its result's. */
    private static String error(JsonNode step) {
        boolean failed =
                step.path("success").isBoolean() && !step.path("success").asBoolean();
        JsonNode told = step.path("error_message").isTextual()
                ? step.path("error_message")
                : failed ? step.path("action_result").path("message") : MissingNode.getInstance();
        return told.isNull() || told.isMissingNode() ? "" : JsonCell.line(told);
    }

    /** Fields that begin with {@code _} are the agent's own book-keeping. */
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
