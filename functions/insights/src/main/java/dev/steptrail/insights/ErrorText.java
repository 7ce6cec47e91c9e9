package dev.steptrail.insights;

import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Normalizes error messages, so that errors of the same kind can be grouped. Replaces numbers, ids and quoted names. An
 * apostrophe after a letter is not an opening quote, so {@code u'Send'} is kept. Takes time proportional to the text's
 * length.
 */
public final class ErrorText {
    // Possessive quantifiers, and quotes that cannot contain other opening quotes, prevent catastrophic backtracking.

    static final Pattern QUOTED = Pattern.compile("(?<!\\w)'(?:[^']|(?<=\\w)'(?=\\w)){1,200}+'(?!\\w)"
            + "|\"[^\"]{1,200}+\"|“[^“”]{1,200}+”|「[^「」]{1,200}+」|`[^`]{1,200}+`");

    /** Also matches words of the letters a to f. {@link #replaceId} keeps these, because ids contain a digit. */
    static final Pattern HEXADECIMAL = Pattern.compile("(?i)(?<!\\w)[0-9a-f]{4,}+(?!\\w)(?:-[0-9a-f]{4,}+(?!\\w))*+");

    static final Pattern NUMBER = Pattern.compile("[0-9]++(?:[.,:][0-9]++)*+");
    static final Pattern BLANK = Pattern.compile("\\s++");
    private static final int MAX_LENGTH = 200;

    private ErrorText() {}

    /** Normalizes a message to at most {@value #MAX_LENGTH} characters. */
    public static String normalize(String error) {
        String text = QUOTED.matcher(error).replaceAll("…");
        text = HEXADECIMAL.matcher(text).replaceAll(ErrorText::replaceId);
        text = NUMBER.matcher(text).replaceAll("#");
        text = BLANK.matcher(text).replaceAll(" ").strip();
        return text.codePointCount(0, text.length()) <= MAX_LENGTH
                ? text
                : text.substring(0, text.offsetByCodePoints(0, MAX_LENGTH));
    }

    private static String replaceId(MatchResult match) {
        String word = match.group();
        return word.chars().anyMatch(character -> character >= '0' && character <= '9') ? "#" : word;
    }
}
