package dev.steptrail.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Prints lines with names and texts from elsewhere, which must not break the line, control the terminal, or change the order of
 * letters.
 */
final class LinePrinter {
    /** Controls (line feeds among them), invisible formatting characters, and separators of lines and paragraphs. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    /** The same without line ends, which JSON has between values only. */
    private static final Pattern UNPRINTABLE_IN_JSON = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}&&[^\r\n]]");

    private final PrintWriter to;

    LinePrinter(PrintWriter to) {
        this.to = to;
    }

    /** Prints one line, with {@code ?} in place of each character that cannot be shown as it is. */
    void println(String line) {
        to.println(UNPRINTABLE.matcher(line).replaceAll("?"));
    }

    /** Prints JSON with those characters escaped, which changes nothing for programs. */
    void printJson(String json) {
        to.println(UNPRINTABLE_IN_JSON.matcher(json).replaceAll(LinePrinter::escaped));
    }

    private static String escaped(MatchResult character) {
        return character
                .group()
                .chars()
                .mapToObj(unit -> String.format(Locale.ROOT, "\\\\u%04X", unit))
                .collect(Collectors.joining());
    }
}
