package dev.steptrail.report;

import dev.steptrail.store.model.JsonColumn;
import dev.steptrail.store.model.StoredStep;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a report shows of a step's model call. Empty strings if unknown.
 *
 * @param input the text, or other JSON, that the model received
 * @param output the text, or other JSON, that the model returned
 * @param attachments as JSON
 */
record DisplayModelCall(
        String input, String output, String attachments, String inputTokens, String cachedTokens, String outputTokens) {
    static DisplayModelCall of(StoredStep step) {
        Map<String, String> data = JsonColumn.fields(step.stepData());
        Map<String, String> counts = JsonColumn.fields(data.get("usage"));
        return new DisplayModelCall(
                text(data.get("model_input")),
                text(data.get("model_output")),
                data.getOrDefault("attachments", ""),
                counts.getOrDefault("input_tokens", ""),
                counts.getOrDefault("cached_tokens", ""),
                counts.getOrDefault("output_tokens", ""));
    }

    private static String text(@Nullable String json) {
        return json == null ? "" : Objects.requireNonNullElse(JsonColumn.text(json), "");
    }
}
