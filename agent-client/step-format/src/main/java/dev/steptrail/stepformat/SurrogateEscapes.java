package dev.steptrail.stepformat;

import com.fasterxml.jackson.core.JsonParseException;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces escapes of lone surrogates in JSON text, which Jackson rejects in field names.
 *
 * <p>The replacement is the escape of U+0000, which {@link TextSanitizer} later replaces with U+FFFD, like a lone
 * surrogate. It has the same length, so the positions in error messages are correct.
 */
final class SurrogateEscapes {
    /** Matches a pair of surrogates, a lone surrogate (group 1), or the start of any other escape. */
    private static final Pattern ESCAPE = Pattern.compile(
            "\\\\(?:u[dD][89abAB]\\p{XDigit}{2}\\\\u[dD][c-fC-F]\\p{XDigit}{2}" + "|(u[dD][89a-fA-F]\\p{XDigit}{2})|.)",
            Pattern.DOTALL);

    private SurrogateEscapes() {}

    @FunctionalInterface
    interface Parser<T, X extends Exception> {
        T parse(String json) throws IOException, X;
    }

    /** Parses {@code json}. If that fails and the text has lone surrogates, replaces these and parses it again. */
    static <T, X extends Exception> T parse(String json, Parser<T, X> parser) throws IOException, X {
        try {
            return parser.parse(json);
        } catch (JsonParseException e) {
            String replaced = replaceLone(json);
            if (replaced.equals(json)) {
                throw e;
            }
            return parser.parse(replaced);
        }
    }

    /** Returns {@code json} with each lone surrogate escape replaced. */
    static String replaceLone(String json) {
        return ESCAPE.matcher(json)
                .replaceAll(escape -> escape.group(1) == null ? Matcher.quoteReplacement(escape.group()) : "\\\\u0000");
    }
}
