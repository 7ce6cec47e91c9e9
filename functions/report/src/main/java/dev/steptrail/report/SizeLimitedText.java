package dev.steptrail.report;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A text that, encoded as base64, fits within Lambda's 6 MB response limit. Parts that exceed it are omitted. */
final class SizeLimitedText {
    /** The maximum size in UTF-8; 5.9 MB in base64. The remainder is for headers and the note about omitted parts. */
    static final int MAX_BYTES = 4_400_000;

    private final StringBuilder text = new StringBuilder();
    private int size;
    private @Nullable Integer firstOmittedStep;

    /** Appends a text if it fits completely, and returns whether it did. */
    boolean add(String part) {
        int partSize = part.getBytes(StandardCharsets.UTF_8).length;
        if (size + partSize > MAX_BYTES) {
            return false;
        }
        size += partSize;
        text.append(part);
        return true;
    }

    /** Appends a step if it fits, and returns whether it did. */
    boolean addStep(int number, String step) {
        boolean fits = add(step);
        if (!fits) {
            omit(number);
        }
        return fits;
    }

    /** Records that this step and the following ones are omitted. */
    void omit(int number) {
        firstOmittedStep = number;
    }

    /** Returns the number of the step that did not fit; null if all steps fitted. */
    @Nullable
    Integer firstOmittedStep() {
        return firstOmittedStep;
    }

    /** Returns the text followed by {@code end}, whose size is not limited. */
    String withEnd(String end) {
        return text + end;
    }
}
