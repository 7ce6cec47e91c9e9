package dev.steptrail.report;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Text that fits in base64 into one response of Lambda, of 6 MB: whatever would make it longer is left out. */
final class BoundedText {
    /** In UTF-8. In base64 these take 5.9 MB; the rest is for headers, and for the note where the text was truncated. */
    static final int MAX_BYTES = 4_400_000;

    private final StringBuilder text = new StringBuilder();
    private int size;
    private @Nullable Integer cutAt;

    /** Whether it fitted, whole. */
    boolean add(String more) {
        int length = more.getBytes(StandardCharsets.UTF_8).length;
        if (size + length > MAX_BYTES) {
            return false;
        }
        size += length;
        text.append(more);
        return true;
    }

    /** Adds a step, and notes the number of one that does not fit. */
    boolean addStep(int number, String step) {
        boolean fits = add(step);
        cutAt = fits ? cutAt : Integer.valueOf(number);
        return fits;
    }

    /** The number of the step that did not fit; null if all did. */
    @Nullable
    Integer cutAt() {
        return cutAt;
    }

    /** The text, with an end that is added in any case. */
    String endingWith(String end) {
        return text + end;
    }
}
