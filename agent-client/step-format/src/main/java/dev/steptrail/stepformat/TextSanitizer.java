package dev.steptrail.stepformat;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Replaces characters that PostgreSQL or UTF-8 cannot represent, U+0000 and lone surrogates, with U+FFFD and counts
 * them. Not thread-safe.
 */
final class TextSanitizer {
    /** The field of a record that contains the number of replaced characters. */
    static final String REPLACED = "replaced_characters";

    private static final Pattern UNSTORABLE = Pattern.compile("[\\x00\\p{Cs}]"); // does not match surrogate pairs

    private long replaced;

    /** Returns {@code text} with unstorable characters replaced. */
    String sanitize(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isSurrogate(c)) {
                return UNSTORABLE.matcher(text).replaceAll(unstorable -> {
                    replaced++;
                    return "\uFFFD";
                });
            }
        }
        return text;
    }

    long replaced() {
        return replaced;
    }

    /**
     * Returns the new value of the field {@code replaced_characters}: {@code previous}, or 0 if that is not an integer,
     * plus the number of characters replaced here. Returns {@code previous} itself if none were replaced.
     */
    @Nullable
    Object totalReplaced(@Nullable Object previous) {
        if (replaced == 0) {
            return previous;
        }
        long count = previous instanceof Integer || previous instanceof Long ? ((Number) previous).longValue() : 0;
        return JsonValues.toInteger(count + replaced);
    }
}
