package dev.steptrail.report;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Text that in base64 fits within Lambda's 6 MB limit for a response. Parts that would exceed it are omitted. */
final class BoundedText {
    /** In UTF-8; 5.9 MB in base64. The remainder is for headers and for the note at the end of a truncated text. */
    static final int MAX_BYTES = 4_400_000;

    private final StringBuilder text = new StringBuilder();
    private int size;
    private @Nullable Integer cutAt;

    /** Appends a text if it fits completely, and returns whether it did. */
    boolean add(String more) {
        int length = more.getBytes(StandardCharsets.UTF_8).length;
        if (size + length > MAX_BYTES) {
            return false;
        }
        size += length;
        text.append(more);
        return true;
    }

    /** Appends a step if it fits. Otherwise remembers its number. */
    boolean addStep(int number, String step) {
        boolean fits = add(step);
        cutAt = fits ? cutAt : Integer.valueOf(number);
        return fits;
    }

    /** Returns the number of the step that did not fit; null if all did. */
    @Nullable
    Integer cutAt() {
        return cutAt;
    }

    /** Returns the text followed by an ending, which is not limited. */
    String endingWith(String end) {
        return text + end;
    }
}
