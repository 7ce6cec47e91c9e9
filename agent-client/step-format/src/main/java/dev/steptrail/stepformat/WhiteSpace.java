package dev.steptrail.stepformat;

import java.util.regex.Pattern;

/** The rule for short texts that people compare, such as names of verdicts and tags. White space is that of Unicode. */
public final class WhiteSpace {
    /** Describes texts for which {@link #isAtEnd} is false. */
    public static final String RULE = "must not be blank, or start or end with white space";

    private static final Pattern AT_END = Pattern.compile("\\p{IsWhite_Space}.*|.*\\p{IsWhite_Space}", Pattern.DOTALL);

    private static final Pattern BLANK = Pattern.compile("\\p{IsWhite_Space}*");

    private WhiteSpace() {}

    /** Returns whether a text starts or ends with white space. */
    public static boolean isAtEnd(String text) {
        return AT_END.matcher(text).matches();
    }

    /** Returns whether a text is empty or only white space. */
    public static boolean isBlank(String text) {
        return BLANK.matcher(text).matches();
    }
}
