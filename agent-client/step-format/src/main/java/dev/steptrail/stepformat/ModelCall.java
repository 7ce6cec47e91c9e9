package dev.steptrail.stepformat;

import org.jspecify.annotations.Nullable;

/**
 * What a step's model received, returned and used. In JSON, its parts are fields of the step.
 *
 * @param input {@code model_input}: any JSON value, such as a list of chat messages. Images in it are references to the
 *     step's frames: {@code {"frame":"before"}}
 * @param output {@code model_output}: any JSON value, such as the reply's text
 */
public record ModelCall(
        @Nullable Usage usage,
        @Nullable Object input,
        @Nullable Object output) {

    public static final String INPUT = "model_input";
    public static final String OUTPUT = "model_output";

    /** Of a step without a recorded model call. */
    public static final ModelCall NONE = new ModelCall(null, null, null);

    public ModelCall {
        input = JsonValues.copyOfValue(input);
        output = JsonValues.copyOfValue(output);
    }

    public static ModelCall ofUsage(Usage usage) {
        return new ModelCall(usage, null, null);
    }
}
