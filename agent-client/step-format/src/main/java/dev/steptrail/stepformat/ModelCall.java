package dev.steptrail.stepformat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a step's model received, returned and used. In JSON, its parts are fields of the step.
 *
 * @param input {@code model_input}: any JSON value, such as a list of chat messages. Images in it are references to the
 *     step's frames: {@code {"frame":"before"}}
 * @param output {@code model_output}: any JSON value, such as the reply's text
 * @param attachments the objects that contain an input or output which was too large for the record; at most one
 *     of each field
 */
public record ModelCall(
        @Nullable Usage usage,
        @Nullable Object input,
        @Nullable Object output,
        List<Attachment> attachments) {

    public static final String INPUT = "model_input";
    public static final String OUTPUT = "model_output";

    /** The fields whose values the shipper stores in the bucket if they are large. */
    static final List<String> ATTACHABLE = List.of(INPUT, OUTPUT);

    /** Of a step without a recorded model call. */
    public static final ModelCall NONE = new ModelCall(null, null, null, List.of());

    public ModelCall {
        input = JsonValues.copyOfValue(input);
        output = JsonValues.copyOfValue(output);
        attachments = List.copyOf(attachments);
        if (attachments.stream().map(Attachment::field).distinct().count() < attachments.size()) {
            throw new IllegalArgumentException("attachments: must not have two elements with the same field");
        }
    }

    public static ModelCall ofUsage(Usage usage) {
        return new ModelCall(usage, null, null, List.of());
    }

    /** Returns a copy with an attachment instead of the value, or an earlier attachment, of its field. */
    public ModelCall withAttachment(Attachment attachment) {
        List<Attachment> all = new ArrayList<>(attachments);
        all.removeIf(earlier -> earlier.field().equals(attachment.field()));
        all.add(attachment);
        boolean isInput = attachment.field().equals(INPUT);
        return new ModelCall(usage, isInput ? null : input, isInput ? output : null, all);
    }

    public ModelCall withInput(@Nullable Object newInput) {
        return new ModelCall(usage, newInput, output, attachments);
    }

    public ModelCall withOutput(@Nullable Object newOutput) {
        return new ModelCall(usage, input, newOutput, attachments);
    }
}
