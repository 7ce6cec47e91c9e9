package dev.steptrail.stepformat;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Replaces what Postgres or UTF-8 cannot hold, U+0000 and lone surrogates, by U+FFFD, and counts it. Not thread-safe. */
final class StorableText {
    /** The field that says how many characters of a record were replaced. */
    static final String MARK = "replaced_characters";

    private static final Pattern UNSTORABLE = Pattern.compile("[\\x00\\p{Cs}]");

    private long replaced;

    /** Returns {@code text}, with replacements where it needs any. */
    String of(String text) {
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

    /** How many characters were replaced. */
    long replaced() {
        return replaced;
    }

    /** The value of {@link #MARK} in a record that had {@code before} there; null if it needs none. */
    @Nullable
    Object mark(@Nullable Object before) {
        if (replaced == 0) {
            return before;
        }
        long count = before instanceof Integer || before instanceof Long ? ((Number) before).longValue() : 0;
        return JsonValues.number(Long.toString(count + replaced));
    }
}
