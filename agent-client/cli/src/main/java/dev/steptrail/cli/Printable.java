package dev.steptrail.cli;

import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Makes names and texts from elsewhere printable: they must not break a line, control the terminal, or change the order of
 * letters.
 */
final class Printable {
    /** Controls (line feeds among them), invisible formatting characters, and separators of lines and paragraphs. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    /** The same without line ends, which JSON has between values only. */
    private static final Pattern UNPRINTABLE_IN_JSON = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}&&[^\r\n]]");

    private Printable() {}

    /** Replaces each unprintable character by {@code ?}. */
    static String line(String text) {
        return UNPRINTABLE.matcher(text).replaceAll("?");
    }

    /** Escapes unprintable characters, which changes nothing for programs. */
    static String json(String json) {
        return UNPRINTABLE_IN_JSON.matcher(json).replaceAll(character -> character
                .group()
                .chars()
                .mapToObj(unit -> String.format(Locale.ROOT, "\\\\u%04X", unit))
                .collect(Collectors.joining()));
    }
}
