package dev.steptrail.stepformat;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a step's model calls, as the model's server reports them. Each count is 0 to 2147483647; null if
 * unknown. The counts are not compared, because an inconsistent report of a server must not lose the step.
 *
 * @param inputTokens all input tokens, including cached ones
 * @param cachedTokens those of the input tokens that the server read from its cache
 * @param outputTokens the generated tokens, including those of the model's reasoning
 */
public record Usage(
        @Nullable Integer inputTokens,
        @Nullable Integer cachedTokens,
        @Nullable Integer outputTokens,
        Map<String, Object> unknown) {

    static final Set<String> FIELDS = Set.of("input_tokens", "cached_tokens", "output_tokens");

    public Usage {
        Fields.requireRange("input_tokens", inputTokens, 0);
        Fields.requireRange("cached_tokens", cachedTokens, 0);
        Fields.requireRange("output_tokens", outputTokens, 0);
        unknown = Fields.copyUnknown(unknown, FIELDS);
    }

    public static Usage of(
            @Nullable Integer inputTokens, @Nullable Integer cachedTokens, @Nullable Integer outputTokens) {
        return new Usage(inputTokens, cachedTokens, outputTokens, Map.of());
    }

    /** Returns whether any count is known. */
    public boolean hasCounts() {
        return inputTokens != null || cachedTokens != null || outputTokens != null;
    }
}
