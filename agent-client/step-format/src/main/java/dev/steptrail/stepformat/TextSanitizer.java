package dev.steptrail.stepformat;

import com.fasterxml.jackson.core.JsonParseException;
import java.io.IOException;
import java.util.regex.Matcher;
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

    /** Matches a pair of surrogates, a lone surrogate (group 1), or the start of any other escape. */
    private static final Pattern ESCAPE = Pattern.compile(
            "\\\\(?:u[dD][89abAB]\\p{XDigit}{2}\\\\u[dD][c-fC-F]\\p{XDigit}{2}" + "|(u[dD][89a-fA-F]\\p{XDigit}{2})|.)",
            Pattern.DOTALL);

    private long replaced;

    @FunctionalInterface
    interface Parser<T, X extends Exception> {
        T parse(String json) throws IOException, X;
    }

    /**
     * Parses {@code json}. If that fails, because Jackson rejects escapes of lone surrogates in field names, replaces
     * these escapes and parses it again. The replacement is the escape of U+0000, which is sanitized later. It has the
     * same length, so the positions in error messages are correct.
     */
    static <T, X extends Exception> T parseWithReplacedEscapes(String json, Parser<T, X> parser) throws IOException, X {
        try {
            return parser.parse(json);
        } catch (JsonParseException e) {
            String storable = replaceLone(json);
            if (storable.equals(json)) {
                throw e;
            }
            return parser.parse(storable);
        }
    }

    /** Returns {@code json} with each lone surrogate escape replaced. */
    static String replaceLone(String json) {
        return ESCAPE.matcher(json)
                .replaceAll(escape -> escape.group(1) == null ? Matcher.quoteReplacement(escape.group()) : "\\\\u0000");
    }

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
