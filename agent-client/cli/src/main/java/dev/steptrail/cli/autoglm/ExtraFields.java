package dev.steptrail.cli.autoglm;

import dev.steptrail.stepformat.ExperimentCase;
import dev.steptrail.stepformat.ModelCall;
import dev.steptrail.stepformat.Usage;
import dev.steptrail.tracker.screenshot.ModelImages;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Takes the optional fields of the record format from the additional fields of a recording. A value that is not valid is
 * left there, because a program may use the name for something else.
 */
final class ExtraFields {
    private ExtraFields() {}

    /** Takes {@code experiment}, {@code case_id}, {@code repeat} and {@code attributes}. */
    @SuppressWarnings("unchecked") // a JSON object has strings as keys
    static ExperimentCase takeExperimentCase(Map<String, Object> fields) {
        Map<String, Object> attributes = (Map<String, Object>) take(fields, "attributes", Map.class::isInstance);
        return new ExperimentCase(
                (String) take(
                        fields, "experiment", value -> value instanceof String name && ExperimentCase.isName(name)),
                (String) take(fields, "case_id", ExtraFields::isCaseId),
                (Integer) take(fields, "repeat", ExtraFields::isCount),
                attributes == null ? Map.of() : attributes);
    }

    /**
     * Takes {@code usage}, {@code model_input} and {@code model_output}.
     *
     * @param images replaces images in the input and output
     */
    static ModelCall takeModelCall(Map<String, Object> fields, ModelImages images) {
        Usage usage = fields.get("usage") instanceof Map<?, ?> reported ? parseUsage(reported) : null;
        if (usage != null) {
            fields.remove("usage");
        }
        return new ModelCall(
                usage,
                images.replaceIn(fields.remove(ModelCall.INPUT)),
                images.replaceIn(fields.remove(ModelCall.OUTPUT)),
                List.of());
    }

    /** Returns null if a count is not valid, or if there is none. */
    private static @Nullable Usage parseUsage(Map<?, ?> reported) {
        Map<String, Object> unknown = new LinkedHashMap<>();
        reported.forEach((name, value) -> unknown.put(String.valueOf(name), value));
        Integer input = (Integer) take(unknown, "input_tokens", ExtraFields::isCount);
        Integer cached = (Integer) take(unknown, "cached_tokens", ExtraFields::isCount);
        Integer output = (Integer) take(unknown, "output_tokens", ExtraFields::isCount);
        boolean hasInvalidCount = List.of("input_tokens", "cached_tokens", "output_tokens").stream()
                .anyMatch(unknown::containsKey);
        boolean hasCount = input != null || cached != null || output != null;
        return hasCount && !hasInvalidCount ? new Usage(input, cached, output, unknown) : null;
    }

    private static boolean isCaseId(Object value) {
        return value instanceof String text
                && !text.isEmpty()
                && text.codePointCount(0, text.length()) <= ExperimentCase.MAX_LENGTH;
    }

    private static boolean isCount(Object value) {
        return value instanceof Integer number && number >= 0;
    }

    private static @Nullable Object take(Map<String, Object> fields, String name, Predicate<Object> isValid) {
        Object value = fields.get(name);
        return value != null && isValid.test(value) ? fields.remove(name) : null;
    }
}
