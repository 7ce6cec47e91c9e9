package dev.steptrail.report;

import org.jspecify.annotations.Nullable;

/** Text that fits into one answer of Lambda, of 6 MB: whatever would make it longer is left out. */
final class BoundedText {
    /** Escaped, as it is in that answer; the rest is for its head and for saying where the text was cut. */
    static final int MAX_BYTES = 5_000_000;

    private final StringBuilder text = new StringBuilder();
    private int size;
    private @Nullable Integer cutAt;

    /** Whether it fitted, whole. */
    boolean add(String more) {
        int length = EscapedLength.of(more);
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
