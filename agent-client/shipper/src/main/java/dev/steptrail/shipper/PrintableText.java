package dev.steptrail.shipper;

import java.util.regex.Pattern;

/** Makes text from a remote service safe to log and to store: one line, limited length, no control characters. */
final class PrintableText {
    /** Control and format characters, line and paragraph separators, and unpaired surrogates. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");

    private PrintableText() {}

    /** Replaces each unprintable character with {@code ?}. Truncates longer text and ends it with {@code …}. */
    static String toOneLine(String text, int maxLength) {
        String truncated = text.length() <= maxLength ? text : text.substring(0, maxLength - 1) + "…";
        return UNPRINTABLE.matcher(truncated).replaceAll("?");
    }
}
