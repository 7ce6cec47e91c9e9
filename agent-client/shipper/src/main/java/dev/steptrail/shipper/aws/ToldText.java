package dev.steptrail.shipper.aws;

import java.util.regex.Pattern;

/** What others say, as it may be stored and logged: one line, of a length that is known, that steers no terminal. */
public final class ToldText {
    /** Controls, what is invisible and steers, separators of lines and paragraphs, and halves of characters. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");

    private ToldText() {}

    /** {@code text}, with {@code ?} for each character that cannot be shown as it is; cut if it is longer, and so marked. */
    public static String line(String text, int longest) {
        String cut = text.length() <= longest ? text : text.substring(0, longest - 1) + "…";
        return UNPRINTABLE.matcher(cut).replaceAll("?");
    }
}
