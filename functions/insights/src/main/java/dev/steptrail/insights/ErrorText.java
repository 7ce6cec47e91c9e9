package dev.steptrail.insights;

import java.util.regex.Pattern;

/** What errors have in common: their text without the numbers, ids and quoted names by which two of a kind differ. */
public final class ErrorText {
    private static final Pattern QUOTED =
            Pattern.compile("'[^']{1,200}'|\"[^\"]{1,200}\"|“[^”]{1,200}”|「[^」]{1,200}」|`[^`]{1,200}`");
    private static final Pattern ID = Pattern.compile("(?i)\\b(?=[0-9a-f-]*[0-9])[0-9a-f]{4,}(?:-[0-9a-f]{4,})*\\b");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+(?:[.,:][0-9]+)*");
    private static final Pattern BLANK = Pattern.compile("\\s+");
    private static final int LONGEST = 200;

    private ErrorText() {}

    /** The same for errors of a kind; at most {@value #LONGEST} characters. */
    public static String alike(String error) {
        String text = QUOTED.matcher(error).replaceAll("…");
        text = ID.matcher(text).replaceAll("#");
        text = NUMBER.matcher(text).replaceAll("#");
        text = BLANK.matcher(text).replaceAll(" ").strip();
        return text.codePointCount(0, text.length()) <= LONGEST
                ? text
                : text.substring(0, text.offsetByCodePoints(0, LONGEST));
    }
}
