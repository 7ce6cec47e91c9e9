package dev.steptrail.insights;

import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What errors have in common: their text without the numbers, ids and quoted names by which two of a kind differ. An apostrophe within a word is no
 * quote, so a name between two letters, such as {@code u'Send'}, is left as it is. Takes time in proportion to the text, whatever it says.
 */
public final class ErrorText {
    // Nothing is given back once it was taken, and quotes that differ from each other hold none of their own: no text
    // is gone over again and again.

    static final Pattern QUOTED = Pattern.compile("(?<!\\w)'(?:[^']|(?<=\\w)'(?=\\w)){1,200}+'(?!\\w)"
            + "|\"[^\"]{1,200}+\"|“[^“”]{1,200}+”|「[^「」]{1,200}+」|`[^`]{1,200}+`");

    /** Or a word of the letters a to f: an id has a digit, which is asked for afterwards. */
    static final Pattern HEXADECIMAL = Pattern.compile("(?i)(?<!\\w)[0-9a-f]{4,}+(?!\\w)(?:-[0-9a-f]{4,}+(?!\\w))*+");

    static final Pattern NUMBER = Pattern.compile("[0-9]++(?:[.,:][0-9]++)*+");
    static final Pattern BLANK = Pattern.compile("\\s++");
    private static final int LONGEST = 200;

    private ErrorText() {}

    /** The same for errors of a kind; at most {@value #LONGEST} characters. */
    public static String alike(String error) {
        String text = QUOTED.matcher(error).replaceAll("…");
        text = HEXADECIMAL.matcher(text).replaceAll(ErrorText::withoutId);
        text = NUMBER.matcher(text).replaceAll("#");
        text = BLANK.matcher(text).replaceAll(" ").strip();
        return text.codePointCount(0, text.length()) <= LONGEST
                ? text
                : text.substring(0, text.offsetByCodePoints(0, LONGEST));
    }

    private static String withoutId(MatchResult found) {
        String word = found.group();
        return word.chars().anyMatch(character -> character >= '0' && character <= '9') ? "#" : word;
    }
}
